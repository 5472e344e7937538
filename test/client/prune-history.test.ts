import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { markRead } from '../../client/store/conversations.ts';
import { Database } from '../../client/store/database.ts';
import { readDraft, saveDraft } from '../../client/store/drafts.ts';
import { enqueueMessage, listOutbox, settle } from '../../client/store/outbox.ts';
import { cutOf, isUnderPressure, makeRoom, pruneHistory } from '../../client/store/prune-history.ts';
import { addHistory, readThread } from '../../client/store/thread.ts';
import { applyEvents } from '../../client/store/timeline.ts';
import type { Message } from '../../server/protocol/requests.ts';

const bob = { id: 'id-of-bob', nick: 'bob' };
let db: Database;

beforeEach(() => {
  db = new Database(randomUUID());
});
after(() => closeChanges());

function received(seq: number): Message {
  return {
    id: `message-${seq}`,
    from: 'bob',
    fromId: bob.id,
    to: 'ann',
    toId: db.personId,
    text: `text ${seq}`,
    composedAt: '2026-01-01T00:00:00Z',
    seq,
    acceptedAt: '2026-01-01T00:00:01Z',
  };
}

async function receive(from: number, to: number): Promise<void> {
  const events = Array.from({ length: to - from + 1 }, (_, index) => ({
    id: `e.${from + index}.x`,
    event: { kind: 'inbox', data: received(from + index) } as const,
  }));
  await applyEvents(db, events);
  await markRead(db, bob.id, to);
}

async function seqs(): Promise<number[]> {
  const rows = await db.read(['messages'], (tx) => tx.objectStore('messages').index('thread').getAll());
  return rows.map(({ seq }) => seq!);
}

describe('pruning history', () => {
  it('removes the oldest that the server has; the thread then says where they are, and takes them back', async () => {
    await receive(1, 60);
    assert.equal(await pruneHistory(db, 30), 30);
    assert.deepEqual((await seqs())[0], 31);
    const thread = await readThread(db, bob.id, 100);
    assert.equal(thread.messages.length, 30);
    assert.equal(thread.older, 'on-server');
    await addHistory(
      db,
      Array.from({ length: 30 }, (_, index) => received(index + 1)),
    );
    const whole = await readThread(db, bob.id, 100);
    assert.deepEqual([whole.messages.length, whole.older], [60, 'none']);
  });

  it('never touches what waits, what is not confirmed, or a draft', async () => {
    const me = { id: db.personId, nick: 'ann' };
    const composedAt = '2026-01-01T00:00:00Z';
    const [settled, waiting] = [randomUUID(), randomUUID()];
    for (const id of [settled, waiting])
      await enqueueMessage(db, { id, me, peer: bob, text: id, composedAt });
    const message: Message = { ...received(1), id: settled, from: 'ann', fromId: db.personId, toId: bob.id };
    await settle(db, [{ id: settled, status: 'accepted', message }], 1);
    await saveDraft(db, bob.id, 'half a thought');
    await receive(2, 80);
    assert.equal(await pruneHistory(db, 30), 49);
    assert.deepEqual(
      (await listOutbox(db)).map(({ id }) => id),
      [waiting],
    );
    assert.equal(await readDraft(db, bob.id), 'half a thought');
    const left = await db.read(['messages'], (tx) => tx.objectStore('messages').getAllKeys());
    assert.ok(left.some(([, id]) => id === settled));
    assert.ok(left.some(([, id]) => id === waiting));
    assert.equal(left.length, 32);
  });

  it('keeps what nobody has read yet, except as a last resort', () => {
    const row = { lastSeq: 1_000, readHere: 200, mine: { delivered: 1_000, read: 100 } };
    assert.equal(cutOf(row, 500), 201);
    assert.equal(cutOf(row, 900), 101);
    assert.equal(cutOf(row, 30), 971);
  });

  it('removes the least that is worth it, and says when there is nothing left', async () => {
    await receive(1, 600);
    assert.equal(await makeRoom(db), true);
    assert.equal((await seqs()).length, 500);
    assert.equal(await makeRoom(db), true);
    assert.equal((await seqs()).length, 100);
    assert.equal(await makeRoom(db), true);
    assert.equal((await seqs()).length, 30);
    assert.equal(await makeRoom(db), false);
    await receive(601, 620);
    assert.equal(await makeRoom(db), true);
    assert.equal((await seqs()).length, 30);
  });

  it('takes a long history in turns', async () => {
    await receive(1, 2_500);
    assert.equal(await pruneHistory(db, 100), 1_000);
    assert.equal(await pruneHistory(db, 100), 1_000);
    assert.equal(await pruneHistory(db, 100), 400);
    assert.equal(await pruneHistory(db, 100), 0);
  });

  it('knows pressure by what the browser grants', () => {
    assert.equal(isUnderPressure({ usage: 81, quota: 100 }), true);
    assert.equal(isUnderPressure({ usage: 80, quota: 100 }), false);
    assert.equal(isUnderPressure({}), false);
  });
});
