/** What the store has to tell the operator, as lines of the log. */
import type { Logger } from 'pino';
import type { StorageNotice } from './store/storage-watch.ts';

export function logStorage(logger: Logger): (notice: StorageNotice) => void {
  return (notice) => {
    switch (notice.kind) {
      case 'full':
        return logger.error('the disk is full: nothing is accepted until there is room; reading goes on');
      case 'held':
        return logger.error(
          'another program holds the database: nothing is accepted until it lets go; reading goes on',
        );
      case 'away':
        return logger.error(
          { why: notice.why },
          'the database does not take anything now: nothing is accepted until it does',
        );
      case 'accepting':
        return logger.info('the store accepts again');
      case 'log-grows':
        return logger.warn(
          { bytes: notice.bytes },
          "the database's log grows: a program that reads the database for long keeps it from being emptied",
        );
      case 'log-shrunk':
        return logger.info({ bytes: notice.bytes }, "the database's log is short again");
      case 'checking':
        return logger.warn('the last end was none in order: the database is looked over in the background');
      case 'sound':
        return logger.info('the database is sound');
      case 'unchecked':
        return logger.error({ why: notice.why }, 'the database could not be looked over');
    }
  };
}
