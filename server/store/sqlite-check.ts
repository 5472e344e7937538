/**
 * Looks the whole database over, as a process of its own: it may take long, must delay nobody, and can be ended at any
 * moment. Says what it found: 'ok', or what is wrong.
 */
import os from 'node:os';
import { DatabaseSync } from 'node:sqlite';

try {
  os.setPriority(os.constants.priority.PRIORITY_LOW);
} catch {
  // Then it competes with the server a little more.
}
// A server that has ended meanwhile wants no answer any more.
process.send!(look(process.argv[2]!), () => process.connected && process.disconnect());

function look(file: string): string {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    const { quick_check: found } = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    return found.replace('*** in database main ***\n', '');
  } catch (error) {
    const isDamage =
      error instanceof Error && 'errcode' in error && [11, 26].includes(Number(error.errcode) & 0xff);
    if (!isDamage) throw error;
    return (error as Error).message;
  } finally {
    db.close();
  }
}
