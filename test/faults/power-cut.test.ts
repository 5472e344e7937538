/**
 * Promise 1, durable, through a power cut: a killed process leaves its writes with the kernel, so that a missing sync is
 * never seen. Here every write of the real store is recorded, and the disk is built anew as a power cut at that moment
 * would have left it, with none, all, half, or any part of what was not yet synced. POWER_CUT_SENDS makes it longer.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { openSqliteStore } from '../../server/store/sqlite-store.ts';
import type { SourceChange } from '../support/changed-source.ts';
import { fates, RecordedDisk, type DiskRecord } from '../support/disk/recording.ts';
import { compileShim } from '../support/disk/shim.ts';
import { judgeFolder, layOut, type Promised } from './power-cut/judge-image.ts';
import { recordSenders } from './power-cut/record-senders.ts';
import type { Acknowledged } from './power-cut/senders.ts';

const sends = Number(process.env['POWER_CUT_SENDS'] ?? 10);
/** One in so many images is also given to a real store, which must start and take more. */
const startedEvery = 150;
const shim = compileShim();
/** Images are thrown away at once: in memory, where there is such a folder. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const scratch = mkdtempSync(path.join(memory, 'opentalk-power-'));
after(() => rmSync(scratch, { recursive: true }));

/** So that the few messages of a test also see the log copied back into the database, and begun anew. */
const frequentCheckpoints: SourceChange[] = [
  { file: 'server/store/sqlite-checkpoint.ts', from: 'dueAtPages = 4_000', to: 'dueAtPages = 60' },
  { file: 'server/store/sqlite-checkpoint.ts', from: 'pagesBetweenTries = 250', to: 'pagesBetweenTries = 1' },
];

interface Replay {
  cuts: number;
  images: number;
  promised: Promised;
  faults: string[];
}

/** Cuts the power after each record. `isEnough` ends it early. */
async function replay(
  records: readonly DiskRecord[],
  onImage: (folder: string, promised: Promised) => Promise<string[]>,
  isEnough = (_faults: string[]) => false,
): Promise<Replay> {
  const disk = new RecordedDisk();
  const promised: Promised = { people: new Set(), messages: new Map() };
  const seen = new Set<string>();
  const faults: string[] = [];
  const random = seeded(1);
  let cuts = 0;
  for (const [cut, record] of records.entries()) {
    disk.play(record);
    if (record.kind === 'mark') take(JSON.parse(record.data.toString()) as Acknowledged, promised);
    cuts += 1;
    for (const fate of fates) {
      const image = disk.image(fate, random);
      const name = nameOf(image, promised);
      if (seen.has(name)) continue;
      seen.add(name);
      const folder = path.join(scratch, 'image');
      layOut(image, folder);
      const found = judgeFolder(folder, promised);
      if (seen.size % startedEvery === 0) {
        layOut(image, folder);
        found.push(...(await onImage(folder, promised)));
      }
      faults.push(...found.map((fault) => `after record ${cut}, ${fate} of the unsynced: ${fault}`));
    }
    if (isEnough(faults)) break;
  }
  return { cuts, images: seen.size, promised, faults };
}

function take({ person, messages = [] }: Acknowledged, { people, messages: promised }: Promised): void {
  if (person !== undefined) people.add(person);
  for (const { id, text } of messages) promised.set(id, text);
}

/** The same disk held against the same promises is one image, however often it comes. */
function nameOf(image: ReadonlyMap<string, Buffer>, { people, messages }: Promised): string {
  const hash = createHash('sha1').update(`${people.size} ${messages.size}`);
  for (const [name, content] of image) hash.update(`\n${name} ${content.length}\n`).update(content);
  return hash.digest('hex');
}

/** Starts the real store on it, reads through it, and has it take one more message. */
async function startStore(folder: string, { messages }: Promised): Promise<string[]> {
  const store = await openSqliteStore({
    dataDir: folder,
    onFatal(error) {
      throw error;
    },
  });
  try {
    const people = await store.people(undefined, 100);
    if (people.length === 0) return messages.size > 0 ? ['nobody is there'] : [];
    const [me] = people;
    const { lastSeq = 0 } =
      (await store.snapshot(me!.id)).conversations.find((conversation) => conversation.withId === me!.id) ??
      {};
    const draft = { id: crypto.randomUUID(), to: me!.nick, text: 'on', composedAt: '2026-05-01T12:00:00Z' };
    const [result] = (await store.append(me!.id, [draft], '2026-05-01T12:00:00Z')).results;
    return result!.message?.seq === lastSeq + 1 ? [] : ['it does not go on where it was'];
  } finally {
    await store.close();
  }
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a power cut', { skip: shim.missing ?? false }, () => {
  it('loses nothing that was acknowledged, at any write', async (t) => {
    const records = recordSenders(shim.file!, { senders: 4, sends }, frequentCheckpoints);
    const { cuts, images, promised, faults } = await replay(records, startStore);
    t.diagnostic(
      `${images} images of ${cuts} cuts, ${promised.messages.size} messages acknowledged: ` +
        `${faults.length} lost or corrupt`,
    );
    assert.deepEqual(faults.slice(0, 10), []);
    assert.ok(images >= 1_000, `${images} images`);
    const isWriteBack = ({ kind, name }: DiskRecord) => kind === 'write' && name === 'opentalk.db';
    const marks = records.flatMap(({ kind }, n) => (kind === 'mark' ? [n] : []));
    assert.ok(records.slice(marks[0], marks.at(-1)).some(isWriteBack), 'cuts within a checkpoint, too');
  });

  const writer = 'server/store/sqlite-writer.ts';
  const mistakes: Record<string, SourceChange[]> = {
    'does not sync its log': [{ file: writer, from: 'synchronous = FULL', to: 'synchronous = NORMAL' }],
    'syncs nothing': [{ file: writer, from: 'synchronous = FULL', to: 'synchronous = OFF' }],
    'answers before it commits': [
      {
        file: 'server/store/sqlite-commit.ts',
        from: "db.exec('BEGIN IMMEDIATE');",
        to: "if (db.isTransaction) db.exec('COMMIT'); db.exec('BEGIN IMMEDIATE');",
      },
      { file: 'server/store/sqlite-commit.ts', from: "db.exec('COMMIT');\n", to: '\n' },
      { file: writer, from: 'checkpoint(refusal', to: '0 && checkpoint(refusal' },
    ],
  };
  for (const [what, changes] of Object.entries(mistakes)) {
    it(`would show a server that ${what}`, async () => {
      const records = recordSenders(shim.file!, { senders: 2, sends: 4 }, changes);
      const { faults } = await replay(records, startStore, (found) => found.length > 0);
      assert.match(faults.join('\n'), /lost|corrupt/);
    });
  }
});
