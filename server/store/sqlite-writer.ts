/**
 * The writer: the one thread with a connection that writes, and the keeper of the data folder.
 * It answers after the commit only. What it throws outside of a command ends it, and with it the process.
 */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { PruneLimits, PruneStep } from './event-store.ts';
import { holdFolder } from './hold-folder.ts';
import { createAppend } from './sqlite-append.ts';
import { createCheckpoint } from './sqlite-checkpoint.ts';
import { commitTogether } from './sqlite-commit.ts';
import { createDevices } from './sqlite-devices.ts';
import { createErase } from './sqlite-erase.ts';
import { createInbox } from './sqlite-inbox.ts';
import { createPeers } from './sqlite-peers.ts';
import { createNicks } from './sqlite-nicks.ts';
import { createPrune, wipeLog } from './sqlite-prune.ts';
import { createReceipts } from './sqlite-receipts.ts';
import { migrate, readEpoch } from './sqlite-schema.ts';
import { createSignIn } from './sqlite-sign-in.ts';
import type { Command, Reply } from './sqlite-thread.ts';
import { createStorageWatch, refusalOfAll } from './storage-watch.ts';

const { dataDir } = workerData as { dataDir: string };
const port = parentPort!;
const lock = holdFolder(dataDir);
if (lock) serve(lock);
else reply({ kind: 'in-use' });

function serve(held: DatabaseSync): void {
  const db = new DatabaseSync(path.join(dataDir, 'opentalk.db'), { timeout: 5_000 });
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA foreign_keys = OFF; -- every reference was read in the same transaction; checking it again costs a seventh
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 0; -- sqlite-checkpoint.ts does it
    PRAGMA journal_size_limit = 33554432; -- a log that a long reader has made longer shrinks again
  `);
  migrate(db);
  const epoch = readEpoch(db);
  const inbox = createInbox(db);
  const setSeen = db.prepare(
    "UPDATE person SET last_seen = ?1 WHERE id = ?2 AND coalesce(last_seen, '') < ?1 AND erased_to IS NULL",
  );
  const receipts = createReceipts(db, epoch, inbox);
  const signing = createSignIn(db);
  const nicks = createNicks(db);
  const commands: Record<string, (...parameters: never[]) => unknown> = {
    ...signing,
    ...createPeers(db, receipts),
    ...createDevices(db, signing.signOut),
    sweepNicks: nicks.sweepNicks,
    append: createAppend(db, inbox),
    recordReceipts: receipts.record,
    recordSeen(seen: readonly { personId: string; at: string }[]): void {
      for (const { personId, at } of seen) setSeen.run(at, personId);
    },
  };
  const erasing = createErase(db, inbox, nicks);
  const prune = createPrune(db);
  /** What was pruned may stand in the log, also of a life before: it is wiped once a pass is at its end. */
  let leftovers: 'none' | 'in a pass' | 'to wipe' = 'in a pass';
  commands['prune'] = (limits: PruneLimits, from: PruneStep['next']): PruneStep => {
    const step = prune(limits, from);
    if (step.removed > 0) leftovers = 'in a pass';
    if (step.next === undefined && leftovers === 'in a pass') leftovers = 'to wipe';
    return step;
  };
  commands['deletePerson'] = erasing.deletePerson;
  commands['erase'] = (at: string) => {
    const step = erasing.erase(at);
    if (step.removed > 0) leftovers = step.more ? 'in a pass' : 'to wipe';
    return step;
  };
  const run = ({ name, parameters }: Command) => commands[name]!(...(parameters as never[]));

  const checkpoint = createCheckpoint(db);
  const watch = createStorageWatch((notice) => reply({ kind: 'notice', notice }));
  function answer(batch: readonly Command[]): void {
    const answers = commitTogether(db, run, batch);
    reply({ kind: 'answers', answers });
    watch.answered(answers);
    // A log that is begun anew takes no room of a full disk.
    watch.logHolds(checkpoint(refusalOfAll(answers) === 'full'));
    if (leftovers === 'to wipe' && wipeLog(db)) leftovers = 'none';
  }

  port.on('message', (batch: Command[] | 'close') => {
    if (batch !== 'close') return answer(batch);
    db.close();
    held.close();
    port.close();
  });
  reply({ kind: 'ready', epoch });
}

function reply(message: Reply): void {
  port.postMessage(message);
}
