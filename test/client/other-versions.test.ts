/** A page and a server of different versions: what one of them does not know or does not say stops nothing. */
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { listConversations } from '../../client/store/conversations.ts';
import { Database } from '../../client/store/database.ts';
import { flushOutbox } from '../../client/store/flush-outbox.ts';
import { enqueueMessage, listOutbox } from '../../client/store/outbox.ts';
import { submitMessages } from '../../client/store/submit-messages.ts';
import { readThread } from '../../client/store/thread.ts';
import { applySnapshot } from '../../client/store/snapshot.ts';
import { applyEvents, readCursor } from '../../client/store/timeline.ts';
import { parseEvent } from '../../server/protocol/events.ts';
import { parse } from '../../server/protocol/schema.ts';
import { snapshotSchema, type Draft, type Message } from '../../server/protocol/requests.ts';

const bob = { id: 'id-of-bob', nick: 'bob' };
let db: Database;

beforeEach(() => {
  db = new Database(`id-of-ann-${randomUUID()}`);
});
after(() => closeChanges());

const message = (seq: number, changes: object = {}): Message => ({
  id: randomUUID(),
  from: 'ann',
  fromId: db.personId,
  to: 'bob',
  toId: bob.id,
  text: `number ${seq}`,
  composedAt: '2026-01-01T10:00:00Z',
  seq,
  acceptedAt: '2026-01-01T10:00:01Z',
  ...changes,
});

/** What a server says that names people by nick alone, and much that this version does not know. */
function snapshotOfAnotherVersion(): unknown {
  const none = { delivered: 0, read: 0, listened: 0 };
  return {
    me: { id: db.personId, nick: 'ann', online: true, lastSeen: null, mood: 'new' },
    cursor: 'e.2.000000000000',
    people: [{ ...bob, online: false, lastSeen: null, picture: '/new' }],
    conversations: [
      {
        with: 'bob',
        lastSeq: 2,
        messages: [message(1), message(2, { reactions: ['new'] })],
        mine: none,
        theirs: none,
        unread: 0,
        pinned: true,
      },
    ],
    rooms: [],
  };
}

async function startFromSnapshot(): Promise<void> {
  await applySnapshot(db, parse(snapshotSchema, snapshotOfAnotherVersion())!);
}

describe('a server of another version', () => {
  it('gives a snapshot without the ids of people, and with more than is known', async () => {
    await startFromSnapshot();
    const [conversation] = await listConversations(db);
    assert.equal(conversation?.peerId, bob.id);
    const { messages: rows } = await readThread(db, bob.id, 50);
    assert.deepEqual(
      rows.map(({ text }) => text),
      ['number 1', 'number 2'],
    );
  });

  it('tells of receipts by nick alone: theirs and mine', async () => {
    await startFromSnapshot();
    const at = '2026-01-01T10:05:00Z';
    for (const [by, id] of [
      ['bob', 'e.3.000000000000'],
      ['ann', 'e.4.000000000000'],
    ] as const) {
      const read = by === 'bob' ? 2 : 1;
      const event = parseEvent('receipt', { with: 'bob', by, delivered: 2, read, at, device: 'new' });
      await applyEvents(db, [{ id, event }]);
    }
    const row = await db.read(['conversations'], (tx) => tx.objectStore('conversations').get(bob.id));
    assert.deepEqual(row?.theirs, { delivered: 2, read: 2 });
    assert.deepEqual(row?.mine, { delivered: 2, read: 1 });
    assert.equal(await readCursor(db), 'e.4.000000000000');
  });

  it('tells of a receipt in a conversation that is not on this device: passed over, with its cursor', async () => {
    const event = parseEvent('receipt', { with: 'eve', by: 'eve', delivered: 2, read: 2, at: '' });
    await applyEvents(db, [{ id: 'e.3.000000000000', event }]);
    assert.equal(await readCursor(db), 'e.3.000000000000');
    assert.deepEqual(await listConversations(db), []);
  });

  it('sends a kind of event that is not known: passed over, with its cursor', async () => {
    const event = parseEvent('reaction', { emoji: 'new' });
    assert.equal(event, undefined);
    await applyEvents(db, [{ id: 'e.3.000000000000', event }]);
    assert.equal(await readCursor(db), 'e.3.000000000000');
  });

  it('resets for a reason that is not known: reset all the same', () => {
    assert.equal(parseEvent('reset', { reason: 'moved' })?.kind, 'reset');
  });

  it('refuses with a code, or answers with a status, that is not known: neither stops the others', async () => {
    const ids: string[] = [];
    for (const text of ['refused', 'put off', 'accepted']) {
      const id = randomUUID();
      ids.push(id);
      const me = { id: db.personId, nick: 'ann' };
      await enqueueMessage(db, { id, me, peer: bob, text, composedAt: '2026-01-01T10:00:00Z' });
    }
    const results = [
      { id: ids[0], status: 'rejected', error: { code: 'too_rude', detail: 'Say it nicely.', since: 'new' } },
      { id: ids[1], status: 'deferred', until: 'tomorrow' },
      { id: ids[2], status: 'accepted', message: message(1, { id: ids[2], text: 'accepted' }) },
    ];
    const sent: string[][] = [];
    const answers = [Response.json({ results, more: 'new' }), Response.json({}, { status: 503 })];
    const submit = (drafts: readonly Draft[], as: string) => {
      sent.push(drafts.map(({ id }) => id));
      return submitMessages(drafts, as, undefined, () => Promise.resolve(answers.shift()!));
    };
    await flushOutbox(db, { submit, now: () => 0, random: () => 0 });
    const left = await listOutbox(db);
    assert.deepEqual(
      left.map(({ id, status, refusal }) => [id, status, refusal?.detail]),
      [
        [ids[0], 'failed', 'Say it nicely.'],
        [ids[1], 'queued', undefined],
      ],
    );
    assert.deepEqual(sent, [ids, [ids[1]]]);
  });
});
