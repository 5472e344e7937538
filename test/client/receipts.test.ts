/** What the server is told of receiving and reading, and when. Time is mocked; the server is a function. */
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, beforeEach, describe, it, mock } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { markRead } from '../../client/store/conversations.ts';
import { Database } from '../../client/store/database.ts';
import { noteAnswer } from '../../client/store/hedge.ts';
import { applyEvents } from '../../client/store/timeline.ts';
import { ReceiptReporter } from '../../client/sync/receipts.ts';

let db: Database;
let reporter: ReceiptReporter;
let told: { delivered?: string; read: { upTo: number }[] }[];
let status: number;
let onTold: () => void;
let seq: number;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  db = new Database(randomUUID());
  told = [];
  status = 204;
  seq = 0;
  mock.method(globalThis, 'fetch', async (_path: string, { body }: { body: string }) => {
    told.push(JSON.parse(body));
    onTold();
    return new Response(null, { status });
  });
  reporter = new ReceiptReporter(db, (error) => assert.fail(String(error)));
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});
after(() => closeChanges());

/** A message of bob's, or an own one that comes back. */
async function comes(from: 'bob' | 'ann'): Promise<string> {
  const [ann, bob] = [
    { id: db.personId, nick: 'ann' },
    { id: 'id-of-bob', nick: 'bob' },
  ];
  const [sender, reader] = from === 'bob' ? [bob, ann] : [ann, bob];
  seq += 1;
  const cursor = `e-${seq}`;
  const at = '2026-01-01T00:00:00Z';
  const message = {
    ...{ id: randomUUID(), from: sender.nick, fromId: sender.id, to: reader.nick, toId: reader.id },
    ...{ text: 'hello', composedAt: at, acceptedAt: at, seq },
  };
  await applyEvents(db, [{ id: cursor, event: { kind: 'inbox', data: message } }]);
  return cursor;
}

/** After as much time as it is gathered for. */
async function isTold(afterMs = 150): Promise<(typeof told)[number]> {
  const next = new Promise<void>((resolve) => {
    onTold = resolve;
  });
  mock.timers.tick(afterMs);
  await next;
  return told.at(-1)!;
}

describe('the server', () => {
  it('is told of receiving and of reading in one request', async () => {
    const cursor = await comes('bob');
    reporter.received();
    await markRead(db, 'id-of-bob', 1);
    reporter.soon();
    const { delivered, read } = await isTold();
    assert.equal(delivered, cursor);
    assert.deepEqual(
      read.map(({ upTo }) => upTo),
      [1],
    );
  });

  it('is not told that own messages came back', async () => {
    await comes('bob');
    reporter.received();
    await isTold();
    await comes('ann');
    reporter.soon();
    mock.timers.tick(150);
    const cursor = await comes('bob');
    reporter.received();
    assert.equal((await isTold()).delivered, cursor);
    assert.equal(told.length, 2);
  });

  it('is told again of what it did not take, and after each catch-up of all', async () => {
    const cursor = await comes('bob');
    status = 503;
    reporter.received();
    await isTold();
    status = 204;
    reporter.soon();
    assert.equal((await isTold()).delivered, cursor);
    reporter.begins();
    reporter.soon();
    assert.equal((await isTold()).delivered, cursor);
    assert.equal(told.length, 3);
  });

  it('is told less often over a line on which answers take long', async () => {
    for (let answers = 0; answers < 4; answers += 1) noteAnswer(1_500);
    await comes('bob');
    reporter.received();
    mock.timers.tick(1_400);
    const cursor = await comes('bob');
    reporter.received();
    assert.equal((await isTold(100)).delivered, cursor);
    assert.equal(told.length, 1);
  });
});
