/**
 * A note in the data folder that the database was found damaged, so that a supervisor that starts the server again does
 * not have it take messages into a damaged file. It is about one file: another one put in its place is not meant.
 */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DamagedDatabase } from './sqlite-failure.ts';

const noteIn = (dataDir: string) => path.join(dataDir, 'damaged.txt');
const numberOf = (dataDir: string) =>
  statSync(path.join(dataDir, 'opentalk.db'), { throwIfNoEntry: false })?.ino;

export function noteDamage(dataDir: string, damage: DamagedDatabase): void {
  const rest = `OpenTalk does not start with it. If you mended the file itself, remove this note.`;
  writeFileSync(noteIn(dataDir), `${damage.message}\n${rest}\nFile number: ${numberOf(dataDir)}\n`);
}

/** Throws if the database that is there is the one of the note. */
export function heedDamageNote(dataDir: string): void {
  const note = noteIn(dataDir);
  if (!existsSync(note)) return;
  const [, number] = /^File number: (\d+)$/m.exec(readFileSync(note, 'utf8')) ?? [];
  if (number === String(numberOf(dataDir))) throw new DamagedDatabase(dataDir, `see ${note}`);
  rmSync(note);
}
