/**
 * Puts a backup in the place of the data, as the beginning of another life: every device is told so, and brings back what
 * it still holds. What was there before is kept under a dated name.
 */
import {
  accessSync,
  chownSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { holdFolder } from './hold-folder.ts';
import { sqliteCode } from './sqlite-commit.ts';
import {
  CannotCopy,
  copyDatabase,
  databaseIn,
  putInPlace,
  removeDatabase,
  sayingWhy,
  type Contents,
} from './sqlite-copy.ts';
import { beginLife } from './sqlite-schema.ts';

export interface Restored extends Contents {
  file: string;
  /** Where what was there before is now; undefined if nothing was. */
  kept: string | undefined;
}

/** Throws CannotCopy, and then the data is as it was before. */
export function restoreBackup(dataDir: string, backup: string, now: Date): Restored {
  const from = path.resolve(backup);
  if (!existsSync(from)) throw new CannotCopy(`There is no file ${from}.`);
  if (!statSync(from).isFile()) throw new CannotCopy(`${from} is not a file.`);
  const file = databaseIn(dataDir);
  return sayingWhy(from, file, () => {
    const folder = path.dirname(file);
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    const held = holdFolder(folder);
    if (!held) throw new CannotCopy(`A server is running on ${folder}; end it first.`);
    try {
      giveToOwner(path.join(folder, 'lock.db'));
      return putBack(from, file, now);
    } finally {
      held.close();
    }
  });
}

function putBack(from: string, file: string, now: Date): Restored {
  const fresh = `${file}.restoring`;
  removeDatabase(fresh); // of a restore that was ended half-way
  try {
    const contents = copyDatabase(from, fresh);
    const db = new DatabaseSync(fresh);
    db.exec('PRAGMA synchronous = FULL');
    beginLife(db);
    db.close();
    giveToOwner(fresh);
    const kept = existsSync(file) ? keep(file, now) : undefined;
    putInPlace(fresh, file);
    return { file, kept, ...contents };
  } finally {
    removeDatabase(fresh);
  }
}

/** What root makes here is to be for the server, which may be somebody else. */
function giveToOwner(file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(path.dirname(file));
  chownSync(file, uid, gid);
}

/**
 * Gives the database a second name. Not a new one: at no moment may a server find nothing, and begin an empty life, nor
 * another database beside the log of this one.
 */
function keep(file: string, now: Date): string {
  const kept = `${file.replace(/\.db$/, '')}.replaced-${now.toISOString().replaceAll(/[:.]/g, '-')}.db`;
  const isWhole = takeInLog(file);
  if (!isWhole && existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${kept}-wal`);
  for (const rest of ['-wal', '-shm']) rmSync(file + rest, { force: true });
  try {
    linkSync(file, kept);
  } catch {
    // Not every file system knows second names.
    copyFileSync(file, kept, constants.COPYFILE_EXCL);
  }
  return kept;
}

/** Brings what is in the log into the database itself. False if that is damaged: then the log is kept beside it. */
function takeInLog(file: string): boolean {
  // Looked at first: whoever opens a damaged one to write may throw its log away.
  if (!isReadable(file)) return false;
  const db = new DatabaseSync(file, { timeout: 1_000 });
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) {
    throw new CannotCopy(`Another program has ${file} open; end it first.`);
  }
  return true;
}

function isReadable(file: string): boolean {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 1_000 });
  try {
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return true;
  } catch (error) {
    // CORRUPT and NOTADB; whatever else it is, the log must not be taken from beside it.
    if (![11, 26].includes((sqliteCode(error) ?? 0) & 0xff)) throw error;
    return false;
  } finally {
    db.close();
  }
}
