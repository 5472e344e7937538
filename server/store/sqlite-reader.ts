/**
 * The reader: a thread with a read-only connection. Pages are short and no cursor stays open, so that the log can be
 * checkpointed; JSON of events is made by SQL, so that the main thread has only to pass it on.
 */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { createInboxReading } from './sqlite-read-inbox.ts';
import { createReading } from './sqlite-read.ts';
import { readEpoch } from './sqlite-schema.ts';
import type { Answer, Command, Reply } from './sqlite-thread.ts';

const { dataDir } = workerData as { dataDir: string };
const port = parentPort!;
const db = new DatabaseSync(path.join(dataDir, 'opentalk.db'), { readOnly: true, timeout: 5_000 });
const epoch = readEpoch(db);
const inboxReading = createInboxReading(db, epoch);
const commands: Record<string, (...parameters: never[]) => unknown> = {
  ...inboxReading,
  ...createReading(db, inboxReading.head),
};

port.on('message', (batch: Command[] | 'close') => {
  if (batch === 'close') {
    db.close();
    port.close();
    return;
  }
  port.postMessage({ kind: 'answers', answers: batch.map(run) } satisfies Reply);
});
port.postMessage({ kind: 'ready', epoch } satisfies Reply);

function run({ name, parameters }: Command): Answer {
  try {
    return { value: commands[name]!(...(parameters as never[])) };
  } catch (error) {
    return { fault: { kind: 'bug', message: error instanceof Error ? error.message : String(error) } };
  }
}
