/**
 * A hold on the data folder that ends with this process, however it ends. Who writes there has it: the server while it
 * runs, and a restore while it puts another database in place.
 */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqliteCode } from './sqlite-commit.ts';

/**
 * Undefined if another process has it; `close()` lets go.
 * Node has no flock, and a pid file survives a kill -9; an exclusive transaction on a file of its own does what is needed.
 */
export function holdFolder(dataDir: string): DatabaseSync | undefined {
  const held = new DatabaseSync(path.join(dataDir, 'lock.db'), { timeout: 0 });
  try {
    held.exec('BEGIN EXCLUSIVE');
    return held;
  } catch (error) {
    held.close();
    if (sqliteCode(error) !== 5) throw error;
    return undefined;
  }
}
