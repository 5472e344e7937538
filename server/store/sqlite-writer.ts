/**
 * The writer: one thread, one connection, everything that arrived together in one transaction (group commit).
 *
 * Answers go out only after the commit was synced. Each command has its own savepoint, so that one that fails undoes
 * nobody else's. After an I/O error this thread ends: SQLite would go on accepting commits, and they would be lies.
 */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { createAppend } from './sqlite-append.ts';
import { createInbox } from './sqlite-inbox.ts';
import { createReceipts } from './sqlite-receipts.ts';
import { migrate, readEpoch } from './sqlite-schema.ts';
import { createSignIn } from './sqlite-sign-in.ts';
import type { Answer, Command, Fault, Reply } from './sqlite-thread.ts';

const { dataDir } = workerData as { dataDir: string };
const port = parentPort!;
const lock = holdFolder();
const db = new DatabaseSync(path.join(dataDir, 'opentalk.db'), { timeout: 5_000 });
db.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = ON;
  PRAGMA cache_size = -32768;
`);
migrate(db);
const epoch = readEpoch(db);
const inbox = createInbox(db);
const { signIn, signOut } = createSignIn(db);
const append = createAppend(db, inbox);
const recordReceipts = createReceipts(db, epoch, inbox);
const setSeen = db.prepare('UPDATE person SET last_seen = ? WHERE id = ?');

const commands: Record<string, (...parameters: never[]) => unknown> = {
  signIn,
  signOut,
  append,
  recordReceipts,
  recordSeen(seen: readonly { personId: string; at: string }[]): void {
    for (const { personId, at } of seen) setSeen.run(at, personId);
  },
};

port.on('message', (batch: Command[] | 'close') => {
  if (batch === 'close') {
    db.close();
    lock.close();
    port.close();
    return;
  }
  port.postMessage({ kind: 'answers', answers: commitTogether(batch) } satisfies Reply);
});
port.postMessage({ kind: 'ready', epoch } satisfies Reply);

function commitTogether(batch: Command[]): Answer[] {
  let answers: Answer[];
  try {
    db.exec('BEGIN IMMEDIATE');
    answers = batch.map(run);
    db.exec('COMMIT');
  } catch (error) {
    // Nothing of this batch is on disk, so nobody gets an answer that says so.
    const fault = faultOf(error);
    if (db.isTransaction) db.exec('ROLLBACK');
    return batch.map(() => ({ fault }));
  }
  return answers;
}

function run({ name, parameters }: Command): Answer {
  db.exec('SAVEPOINT command');
  try {
    const value = commands[name]!(...(parameters as never[]));
    db.exec('RELEASE command');
    return { value };
  } catch (error) {
    const fault = faultOf(error);
    // A full disk may have rolled back everything; then the batch as a whole has failed.
    if (fault.kind !== 'bug' || !db.isTransaction) throw error;
    db.exec('ROLLBACK TO command; RELEASE command');
    return { fault };
  }
}

/** What an error means. (SQLite result codes: 5 BUSY, 10 IOERR, 11 CORRUPT, 13 FULL, 26 NOTADB.) */
function faultOf(error: unknown): Fault {
  const code = ((error as { errcode?: unknown }).errcode as number | undefined) ?? 0;
  const message = error instanceof Error ? error.message : String(error);
  if ((code & 0xff) === 13) return { kind: 'full', message };
  if ((code & 0xff) === 5)
    return { kind: 'full', message: `The database is held by another program: ${message}` };
  if ([10, 11, 26].includes(code & 0xff)) {
    // Thrown outside of any handler it ends this thread, and with it the process.
    setImmediate(() => {
      throw error;
    });
  }
  return { kind: 'bug', message };
}

/** Node has no flock, and a pid file survives a kill -9; an exclusive transaction on a file of its own does what is needed. */
function holdFolder(): DatabaseSync {
  const held = new DatabaseSync(path.join(dataDir, 'lock.db'), { timeout: 0 });
  try {
    held.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    held.close();
    if (((error as { errcode?: number }).errcode ?? 0) !== 5) throw error;
    throw new Error(`another OpenTalk server is running on the data folder ${path.resolve(dataDir)}.`, {
      cause: error,
    });
  }
  return held;
}
