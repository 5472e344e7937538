/**
 * Copying the log back into the database, after the answers are out. SQLite would do it by itself, within a commit, but
 * it passes over a disk that fails in it; and it does not tell how long the log is.
 */
import type { DatabaseSync } from 'node:sqlite';
import { passingFault } from './sqlite-commit.ts';

/** 16 MiB: what is written often is copied back once. */
const dueAtPages = 4_000;
/** Where a reader is in the way, it is tried again after so many more. */
const pagesBetweenTries = 250;
const bytesPerPage = 4_096 + 24;

interface Standing {
  /** Pages in the log. */
  log: number;
  /** How many of them are in the database, too: once all are, the next commit begins the log anew. */
  checkpointed: number;
}

/** Looks whether it is time, copies back if so, and tells how many bytes the log holds. Throws if the disk fails. */
export function createCheckpoint(db: DatabaseSync): (isUrgent: boolean) => number {
  const look = db.prepare('PRAGMA wal_checkpoint(NOOP)');
  const copyBack = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');

  return (isUrgent) => {
    const { log, checkpointed } = look.get() as unknown as Standing;
    const isDue = log >= dueAtPages && log - checkpointed >= pagesBetweenTries;
    if (isDue || isUrgent) {
      try {
        copyBack.get();
      } catch (error) {
        // Without room it stays in the log, where it is as safe.
        if (!passingFault(error)) throw error;
      }
    }
    return log * bytesPerPage;
  };
}
