import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { openDB } from 'idb';
import { closeChanges } from '../../client/store/changes.ts';
import { listConversations } from '../../client/store/conversations.ts';
import { Database } from '../../client/store/database.ts';
import { readDraft } from '../../client/store/drafts.ts';
import { flushOutbox } from '../../client/store/flush-outbox.ts';
import { milestoneAt } from '../../client/store/milestones.ts';
import { enqueueMessage, listOutbox } from '../../client/store/outbox.ts';
import { addHistory, readThread } from '../../client/store/thread.ts';
import { applySnapshot } from '../../client/store/snapshot.ts';
import { applyEvents, readCursor } from '../../client/store/timeline.ts';
import type { Receipt } from '../../server/protocol/events.ts';
import type { Message, Progress, Snapshot } from '../../server/protocol/requests.ts';

const bob = { id: 'id-of-bob', nick: 'bob' };
let db: Database;

beforeEach(() => {
  db = new Database(`id-of-ann-${randomUUID()}`);
});
after(() => closeChanges());

function mine(text: string, seq: number): Message {
  return {
    id: randomUUID(),
    from: 'ann',
    fromId: db.personId,
    to: 'bob',
    toId: bob.id,
    text,
    composedAt: '2026-01-01T14:02:00Z',
    seq,
    acceptedAt: '2026-01-01T14:31:00Z',
  };
}

async function receipt(progress: Progress, at: string): Promise<void> {
  const data: Receipt = {
    with: 'bob',
    withId: bob.id,
    by: 'bob',
    byId: bob.id,
    ...progress,
    at,
  };
  await applyEvents(db, [{ id: `e.${at}`, event: { kind: 'receipt', data } }]);
}

function snapshot(theirs: Progress): Snapshot {
  const me = { id: db.personId, nick: 'ann', online: true, lastSeen: null };
  const none = { delivered: 0, read: 0 };
  return {
    me,
    cursor: 'e.9.000000000000',
    people: [],
    conversations: [{ with: 'bob', withId: bob.id, lastSeq: 9, messages: [], mine: none, theirs, unread: 0 }],
  };
}

const reached = (kind: keyof Progress, seq: number) =>
  db.read(['milestones'], (tx) => milestoneAt(tx, bob.id, kind, seq));

describe('a device with the first version of the database', () => {
  it('takes the new one with everything kept', async () => {
    const name = `opentalk-${db.personId}`;
    const message = mine('hello', 1);
    const old = await openDB(name, 1, {
      upgrade(upgrading) {
        const outbox = upgrading.createObjectStore('outbox', { keyPath: 'ordinal', autoIncrement: true });
        outbox.createIndex('id', 'id', { unique: true });
        outbox.createIndex('status', ['status', 'ordinal']);
        const messages = upgrading.createObjectStore('messages', { keyPath: ['fromId', 'id'] });
        messages.createIndex('thread', ['peerId', 'place']);
        messages.createIndex('unconfirmed', 'unconfirmedSince');
        upgrading.createObjectStore('conversations', { keyPath: 'peerId' });
        upgrading.createObjectStore('people', { keyPath: 'id' });
        upgrading.createObjectStore('drafts', { keyPath: 'peerId' });
        upgrading.createObjectStore('meta');
      },
    });
    const { seq: _, acceptedAt: __, ...queued } = mine('waits', 2);
    await old.put('messages', { ...message, peerId: bob.id, place: 1 });
    await old.put('messages', { ...queued, peerId: bob.id, place: 2 ** 40 + 1 });
    await old.put('outbox', { ...queued, status: 'queued', attempts: 2 });
    await old.put('drafts', { peerId: bob.id, text: 'half a thought' });
    await old.put('meta', 'e.1.000000000000', 'cursor');
    await old.put('conversations', {
      peerId: bob.id,
      nick: 'bob',
      lastSeq: 1,
      lastAt: message.acceptedAt,
      mine: { delivered: 0, read: 0 },
      theirs: { delivered: 1, read: 0 },
      readHere: 0,
      unread: 0,
    });
    old.close();

    const { messages } = await readThread(db, bob.id, 10);
    assert.deepEqual(
      messages.map(({ text, state, waiting }) => [text, state, waiting?.attempts]),
      [
        ['hello', 'delivered', undefined],
        ['waits', 'queued', 2],
      ],
    );
    assert.equal((await listOutbox(db)).length, 1);
    assert.equal(await readDraft(db, bob.id), 'half a thought');
    assert.equal(await readCursor(db), 'e.1.000000000000');
    assert.equal((await listConversations(db)).length, 1);
    await receipt({ delivered: 1, read: 1 }, '2026-01-01T15:00:00Z');
    assert.equal(await reached('read', 1), '2026-01-01T15:00:00Z');
    assert.equal(await reached('delivered', 1), undefined);
  });
});

describe('what the device knows of the way a message took', () => {
  async function compose(): Promise<string> {
    const id = randomUUID();
    const me = { id: db.personId, nick: 'ann' };
    await enqueueMessage(db, { id, me, peer: bob, text: 'x', composedAt: '2026-01-01T14:02:00Z' });
    return id;
  }
  const fail = (now: number) =>
    flushOutbox(db, {
      submit: async () => ({ kind: 'retry-later', why: 'offline' }),
      now: () => now,
      random: () => 1,
      sleep: async () => {},
    });
  const shown = async () => (await readThread(db, bob.id, 10)).messages.at(-1)!;

  it('counts the tries and notes when the last one began, and when the one that was answered left', async () => {
    await compose();
    await fail(1_000);
    await fail(2_000);
    const [waiting] = await listOutbox(db);
    assert.deepEqual([waiting?.attempts, waiting?.lastTriedAt], [2, 2_000]);
    await flushOutbox(db, {
      submit: async ([draft]) => ({
        kind: 'answered',
        results: [
          { id: draft!.id, status: 'accepted', message: { ...mine('x', 1), ...draft, toId: bob.id } },
        ],
      }),
      now: () => 3_000,
      random: () => 1,
      sleep: async () => {},
    });
    const { tries, leftAt } = await shown();
    assert.deepEqual([tries, leftAt], [3, 3_000]);
  });

  it('keeps that when the echo comes first, comes again, or comes as history', async () => {
    const id = await compose();
    await fail(1_000);
    const message = { ...mine('x', 1), id };
    const echo = { id: 'e.1.000000000000', event: { kind: 'inbox', data: message } as const };
    for (const again of [
      () => applyEvents(db, [echo]),
      () => applyEvents(db, [echo]),
      () => addHistory(db, [message]),
    ]) {
      await again();
      const { tries, leftAt, seq } = await shown();
      assert.deepEqual([tries, leftAt, seq], [1, 1_000, 1]);
    }
    assert.deepEqual(await listOutbox(db), []);
  });

  it('notes when a message of somebody else came, the first time', async () => {
    const theirs = { ...mine('hi', 1), from: 'bob', fromId: bob.id, to: 'ann', toId: db.personId };
    const event = { id: 'e.1.000000000000', event: { kind: 'inbox', data: theirs } as const };
    await applyEvents(db, [event], 5_000);
    await applyEvents(db, [event], 6_000);
    assert.equal((await shown()).arrivedAt, 5_000);
  });
});

describe('milestones', () => {
  it('tell by when the other side received and read a message', async () => {
    await receipt({ delivered: 2, read: 0 }, 'two came');
    await receipt({ delivered: 3, read: 2 }, 'three came, two read');
    assert.deepEqual(await Promise.all([1, 2, 3, 4].map((seq) => reached('delivered', seq))), [
      'two came',
      'two came',
      'three came, two read',
      undefined,
    ]);
    assert.equal(await reached('read', 2), 'three came, two read');
    assert.equal(await reached('read', 3), undefined);
  });

  it('do not grow by a receipt that brings nothing new', async () => {
    await receipt({ delivered: 2, read: 2 }, 'first');
    await receipt({ delivered: 2, read: 2 }, 'second');
    assert.equal(await reached('read', 2), 'first');
  });

  it('do not pass what a snapshot told for something that happened later', async () => {
    await applySnapshot(db, snapshot({ delivered: 5, read: 4 }));
    await receipt({ delivered: 7, read: 7 }, 'later');
    assert.equal(await reached('delivered', 5), undefined);
    assert.equal(await reached('delivered', 6), 'later');
    assert.equal(await reached('read', 4), undefined);
    assert.equal(await reached('read', 5), 'later');
  });

  it('end where a server that was put back ends', async () => {
    await receipt({ delivered: 7, read: 7 }, 'in the lost future');
    await applySnapshot(db, snapshot({ delivered: 3, read: 2 }));
    await receipt({ delivered: 6, read: 2 }, 'again');
    assert.equal(await reached('delivered', 6), 'again');
    assert.equal(await reached('read', 3), undefined);
  });
});
