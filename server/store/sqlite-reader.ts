/**
 * The reader: a thread with a read-only connection. Each question is one short transaction and leaves no cursor open,
 * so that its answer is of one moment and the log can be checkpointed. JSON of events is made by SQL, so that the main
 * thread has only to pass it on.
 */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { isOfTheCommand, passingFault } from './sqlite-commit.ts';
import { createDeviceReading } from './sqlite-devices.ts';
import { createExport } from './sqlite-export.ts';
import { createInboxReading } from './sqlite-read-inbox.ts';
import { createReadPeers } from './sqlite-read-peers.ts';
import { createReading } from './sqlite-read.ts';
import { readEpoch } from './sqlite-schema.ts';
import type { Answer, Command, Reply } from './sqlite-thread.ts';

const { dataDir } = workerData as { dataDir: string };
const port = parentPort!;
const db = new DatabaseSync(path.join(dataDir, 'opentalk.db'), { readOnly: true, timeout: 5_000 });
const epoch = readEpoch(db);
const inboxReading = createInboxReading(db, epoch);
const questions: Record<string, (...parameters: never[]) => unknown> = {
  ...inboxReading,
  ...createReading(db, inboxReading.head),
  ...createReadPeers(db),
  ...createDeviceReading(db),
  ...createExport(db),
};

port.on('message', (batch: Command[] | 'close') => {
  if (batch !== 'close') return reply({ kind: 'answers', answers: batch.map(answer) });
  db.close();
  port.close();
});
reply({ kind: 'ready', epoch });

function answer({ name, parameters }: Command): Answer {
  try {
    db.exec('BEGIN');
    const value = questions[name]!(...(parameters as never[]));
    db.exec('COMMIT');
    return { value };
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    const fault = passingFault(error);
    if (fault) return { fault };
    // A file that is damaged, a disk that fails: there is nothing to be read from it any more.
    if (!isOfTheCommand(error)) throw error;
    return { fault: { kind: 'bug', message: error instanceof Error ? error.message : String(error) } };
  }
}

function reply(message: Reply): void {
  port.postMessage(message);
}
