/**
 * The group commit: everything that arrived together in one transaction, and no answer before it is on disk.
 * A command that fails undoes itself only; a disk that fails ends everything.
 */
import type { DatabaseSync } from 'node:sqlite';
import { failpoint } from '../failpoint.ts';
import type { Answer, Command, Fault } from './sqlite-thread.ts';

/**
 * Runs a batch and commits it. Throws when the storage can't be trusted any more: after a failed fsync SQLite would go
 * on accepting commits, and they would be lies; so whoever calls must end.
 */
export function commitTogether(
  db: DatabaseSync,
  run: (command: Command) => unknown,
  batch: readonly Command[],
): Answer[] {
  try {
    return (
      // Commands hardly ever fail, and savepoints take a third of the time: they are set only when one did fail.
      withoutSavepoints() ?? inTransaction(() => batch.map((command) => runApart(command)))
    );
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    const fault = passingFault(error);
    if (fault === undefined) throw error;
    // Nothing of this batch is on disk, so nobody gets an answer that says so.
    return batch.map(() => ({ fault }));
  }

  /** Undefined, with nothing changed, when a command failed. */
  function withoutSavepoints(): Answer[] | undefined {
    try {
      return inTransaction(() => batch.map((command) => ({ value: run(command) })));
    } catch (error) {
      if (!isOfTheCommand(error)) throw error;
      if (db.isTransaction) db.exec('ROLLBACK');
      return undefined;
    }
  }

  function inTransaction(work: () => Answer[]): Answer[] {
    failpoint('before-begin');
    // A transaction that turned from reading to writing could find the database changed under it.
    db.exec('BEGIN IMMEDIATE');
    const answers = work();
    failpoint('before-commit');
    db.exec('COMMIT');
    failpoint('after-commit');
    return answers;
  }

  function runApart(command: Command): Answer {
    db.exec('SAVEPOINT command');
    try {
      const value = run(command);
      db.exec('RELEASE command');
      return { value };
    } catch (error) {
      if (!isOfTheCommand(error)) throw error;
      db.exec('ROLLBACK TO command; RELEASE command');
      return { fault: { kind: 'bug', message: error instanceof Error ? error.message : String(error) } };
    }
  }
}

/** Result codes that say something of the statement, not of the storage: ERROR, TOOBIG, CONSTRAINT, MISMATCH, RANGE. */
const codesOfStatements = new Set([1, 18, 19, 20, 25]);

export function isOfTheCommand(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === undefined || codesOfStatements.has(code & 0xff);
}

/** What to say when the same may succeed later: FULL, BUSY, and IOERR_SHMSIZE, where the log's index found no room. */
export function passingFault(error: unknown): Fault | undefined {
  const code = sqliteCode(error) ?? 0;
  if ((code & 0xff) === 13 || code === 4874) return { kind: 'full', message: 'The disk is full.' };
  if ((code & 0xff) === 5) return { kind: 'held', message: 'Another program holds the database.' };
  return undefined;
}

/** The extended result code, if SQLite threw this. */
export function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : undefined;
}
