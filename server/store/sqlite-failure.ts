/** What a store that cannot go on says of it: sentences for the operator, with what to do. */
import path from 'node:path';
import { sqliteCode } from './sqlite-commit.ts';

/** What is in the file cannot be trusted: nothing may be served from it, and nothing be added. */
export class DamagedDatabase extends Error {
  override name = 'DamagedDatabase';

  constructor(dataDir: string, found: string) {
    const file = path.join(dataDir, 'opentalk.db');
    super(
      `the database ${file} is damaged (${found}). Put a good copy in its place: npm run restore -- FILE. ` +
        'What people have on their devices comes back from there.',
    );
  }
}

/** The error of a thread, in words; one that is a bug stays as it is. */
export function explainFailure(error: Error, dataDir: string): Error {
  const say = (sentence: string) =>
    new Error(`${sentence} (${error.message}, code ${sqliteCode(error)})`, { cause: error });
  switch ((sqliteCode(error) ?? 0) & 0xff) {
    case 11: // CORRUPT
    case 26: // NOTADB
      return new DamagedDatabase(dataDir, error.message);
    case 5: // BUSY
      return say(`another program holds the database in ${dataDir}; end it first`);
    case 10: // IOERR
      return say(`the disk of ${dataDir} fails: nothing is accepted that it may not have kept`);
    case 13: // FULL
      return say(`the disk of ${dataDir} is full`);
    case 8: // READONLY
    case 14: // CANTOPEN
      return say(`the files in ${dataDir} cannot be opened for writing`);
  }
  return error;
}
