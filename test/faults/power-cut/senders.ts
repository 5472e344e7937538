/**
 * A process whose writes are recorded: several people write to each other through the real store, all at once, and each
 * acknowledgement is marked in the recording in the moment in which it came.
 */
import { openSync } from 'node:fs';
import { openSqliteStore } from '../../../server/store/sqlite-store.ts';
import { at, draftTo, join } from '../../server/store-contract/stage.ts';
import { writeMark } from '../../support/disk/recording.ts';

export interface Acknowledged {
  person?: string;
  messages?: { id: string; text: string }[];
}

const { DISK_FOLDER: dataDir, DISK_LOG: log, SENDERS: senders, SENDS: sends } = process.env;
const logFd = openSync(log!, 'a');
const mark = (acknowledged: Acknowledged) => writeMark(logFd, JSON.stringify(acknowledged));

const store = await openSqliteStore({
  dataDir: dataDir!,
  onFatal(error) {
    throw error;
  },
});
const people = await Promise.all(
  Array.from({ length: Number(senders) }, async (_, n) => {
    const person = await join(store, `sender.${n}`);
    mark({ person: person.id });
    return person;
  }),
);
await Promise.all(
  people.map(async (me, n) => {
    for (let sent = 0; sent < Number(sends); sent += 1) {
      const to = people[(n + sent) % people.length]!.nick;
      const drafts = Array.from({ length: 1 + (sent % 3) }, (_, k) =>
        draftTo(to, `${me.nick} ${sent}.${k} ${'x'.repeat((sent * 397) % 1_500)}`),
      );
      const { results } = await store.append(me.id, drafts, at);
      mark({ messages: results.map(({ id, message }) => ({ id, text: message!.text })) });
      const cursor = await store.head(me.id);
      if (sent % 5 === 4) await store.recordReceipts(me.id, { delivered: cursor }, at);
    }
  }),
);
await store.close();
