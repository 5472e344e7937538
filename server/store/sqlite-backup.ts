/** A copy of the data as it is at one moment. The server may run: it is neither asked nor held up. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { CannotCopy, copyDatabase, databaseIn, putInPlace, sayingWhy, type Contents } from './sqlite-copy.ts';

export interface Backup extends Contents {
  file: string;
}

/** Everything that was answered before the call is in it. Throws CannotCopy; `file` is then as it was before. */
export function takeBackup(dataDir: string, file: string): Backup {
  const to = path.resolve(file);
  const from = databaseIn(dataDir);
  if (!existsSync(from))
    throw new CannotCopy(`There is no data in ${path.dirname(from)}; DATA_DIR says where it is.`);
  refuseToOverwrite(to);
  // Ended half-way it leaves this name behind, which nobody takes for a backup.
  const partial = `${to}.${process.pid}.partial`;
  return sayingWhy(from, to, () => {
    const contents = copyDatabase(from, partial);
    refuseToOverwrite(to);
    putInPlace(partial, to);
    return { file: to, ...contents };
  });
}

function refuseToOverwrite(file: string): void {
  if (existsSync(file))
    throw new CannotCopy(`${file} exists already, and is left as it is; name another file.`);
}
