/**
 * Changes the data of a server that runs, as no request could: one statement, which both stores understand. Parameters
 * are called $1, $2, …
 */
import path from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { databaseFor } from './postgres.ts';

export type Change = (sql: string, values: SQLInputValue[]) => Promise<unknown>;

/** In the store of the server on this folder, whichever it is. */
export async function changeOf(dataDir: string): Promise<Change> {
  return (await databaseFor(dataDir))?.query ?? changeFile(dataDir);
}

export function changeFile(dataDir: string): Change {
  return async (sql, values) => {
    const db = new DatabaseSync(path.join(dataDir, 'opentalk.db'), { timeout: 5_000 });
    try {
      db.prepare(sql).run(Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value])));
    } finally {
      db.close();
    }
  };
}
