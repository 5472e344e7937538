/**
 * Whole copies of a database: checked, on disk, and never half of one under its final name.
 * For backup and restore; the server itself copies nothing.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqliteCode } from './sqlite-commit.ts';
import { strangeness } from './sqlite-schema.ts';

/** What the person at the keyboard can mend; its message is a sentence for them. */
export class CannotCopy extends Error {
  override name = 'CannotCopy';
}

/** What is in a copy, to be told. */
export interface Contents {
  people: number;
  messages: number;
  /** When the last message was accepted, in ISO 8601; null if there is none. */
  lastAt: string | null;
}

export function databaseIn(dataDir: string): string {
  return path.join(path.resolve(dataDir), 'opentalk.db');
}

/** Beside a database stand its log, the log's index, or a journal. */
const companions = ['-wal', '-shm', '-journal'] as const;

export function removeDatabase(file: string): void {
  for (const each of ['', ...companions]) rmSync(file + each, { force: true });
}

/**
 * Copies the state of one moment of `from`, whoever writes there meanwhile, into a new file `to` that needs no log
 * beside it; the copy is on disk when this returns. If it throws it leaves nothing behind.
 */
export function copyDatabase(from: string, to: string): Contents {
  // Nobody else is to read it: sessions are in it.
  closeSync(openSync(to, 'wx', 0o600));
  try {
    // Not SQLite's copying by pages, which begins anew whenever somebody writes; nor does this take along what was deleted.
    readWhole(from, (db) => db.prepare('VACUUM INTO ?').run(to));
    const contents = readWhole(to, readContents);
    syncToDisk(to);
    return contents;
  } catch (error) {
    removeDatabase(to);
    throw error;
  }
}

/** Opens a file that is to be ours and undamaged. */
function readWhole<T>(file: string, read: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    const strange = strangeness(db);
    if (strange === 'foreign') throw new CannotCopy(`${file} holds no data of OpenTalk.`);
    if (strange === 'newer') {
      throw new CannotCopy(`${file} was made by a newer version of OpenTalk; use that one.`);
    }
    const { quick_check: found } = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (found !== 'ok') throw new CannotCopy(`${file} is damaged: ${found.replaceAll(/\s+/g, ' ')}.`);
    return read(db);
  } finally {
    db.close();
  }
}

function readContents(db: DatabaseSync): Contents {
  return db
    .prepare(
      `SELECT (SELECT count(*) FROM person) AS people, (SELECT count(*) FROM message) AS messages,
        (SELECT max(accepted_at) FROM message) AS lastAt`,
    )
    .get() as unknown as Contents;
}

/** Puts a whole copy in the place of `file`, whatever is there, in one step that outlasts a power cut. */
export function putInPlace(copy: string, file: string): void {
  renameSync(copy, file);
  // A name is on disk when its folder is. Windows opens no folders, and sees to names by itself.
  if (process.platform !== 'win32') syncToDisk(path.dirname(file));
}

function syncToDisk(place: string): void {
  const handle = openSync(place, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** Does the work of a copy; what can be mended is thrown as a sentence, and a bug as it is. */
export function sayingWhy<T>(from: string, to: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const sentence = sentenceOf(error, from, path.dirname(to));
    throw sentence === undefined ? error : new CannotCopy(sentence, { cause: error });
  }
}

function sentenceOf(error: unknown, from: string, folder: string): string | undefined {
  switch (error instanceof Error && 'code' in error && error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return noRoom(folder);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `Nothing can be written in ${folder}: permission is denied.`;
    case 'ENOENT':
    case 'ENOTDIR':
      return `There is no folder ${folder}.`;
  }
  switch ((sqliteCode(error) ?? 0) & 0xff) {
    case 3: // PERM
    case 8: // READONLY
    case 14: // CANTOPEN
    case 23: // AUTH
      return `${from} cannot be read, or nothing be written in ${folder}: permission is denied.`;
    case 5: // BUSY
      return `Another program holds ${from}; end it first.`;
    case 10: // IOERR
      return `The disk failed while ${from} was copied into ${folder}.`;
    case 11: // CORRUPT
      return `${from} is damaged.`;
    case 13: // FULL
      return noRoom(folder);
    case 26: // NOTADB
      return `${from} is not a database.`;
  }
  return undefined;
}

function noRoom(folder: string): string {
  return `There is no room left in ${folder}.`;
}
