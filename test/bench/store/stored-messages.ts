/** What a store with many messages costs: how long it takes to start, and CPU for each event that is read again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../../server/store/sqlite-store.ts';
import { fillFolder } from './filled-folder.ts';

const persons = 1_000;

export async function measureStored(messages: number): Promise<{ startMs: number; replayCpuUs: number }> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-stored-'));
  try {
    const everybody = fillFolder(dataDir, persons, messages);
    const began = performance.now();
    const store = await openSqliteStore({
      dataDir,
      onFatal(error) {
        throw error;
      },
    });
    const startMs = performance.now() - began;
    const begun = process.cpuUsage();
    let events = 0;
    for (const [personId, start] of firstCursors(dataDir, store.epoch)) {
      let after = start;
      for (let more = true; more;) {
        const page = await store.readInbox(personId, after, 200);
        if (page.kind === 'reset') throw new Error(`The cursor of ${personId} is no good: ${page.reason}.`);
        ({ cursor: after, more } = page);
      }
      events += Number(after.split('.')[1]);
    }
    const { user, system } = process.cpuUsage(begun);
    await store.close();
    if (events !== 2 * messages || everybody.length !== persons) throw new Error('Events are missing.');
    return { startMs, replayCpuUs: (user + system) / events };
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

/** Before the first event of everybody. */
function firstCursors(dataDir: string, epoch: string): [personId: string, cursor: string][] {
  const db = new DatabaseSync(path.join(dataDir, 'opentalk.db'), { readOnly: true });
  const rows = db.prepare('SELECT id, first_tag FROM person').all() as { id: string; first_tag: string }[];
  db.close();
  return rows.map(({ id, first_tag: tag }) => [id, `${epoch}.0.${tag}`]);
}
