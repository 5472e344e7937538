/** Tries every pair of message-table.ts on the real store: from each state, by each event, to the state that is decided. */
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { readConversation, settledState } from '../../client/store/conversations.ts';
import { Database } from '../../client/store/database.ts';
import { readDraft, saveDraft } from '../../client/store/drafts.ts';
import { flushOutbox } from '../../client/store/flush-outbox.ts';
import { claimBatch, enqueueMessage, failMessage, listOutbox, settle } from '../../client/store/outbox.ts';
import { deleteQueued, editQueued, moveQueued, retryMessage } from '../../client/store/queue.ts';
import { listUnconfirmed, reofferUnconfirmed } from '../../client/store/reoffer.ts';
import { applySnapshot, noteReset } from '../../client/store/snapshot.ts';
import { applyEvents } from '../../client/store/timeline.ts';
import type { Message, Snapshot } from '../../server/protocol/requests.ts';
import { table, type Event, type State } from './message-table.ts';

const ann = { id: 'id-of-ann', nick: 'ann' };
const bob = { id: 'id-of-bob', nick: 'bob' };
const composedAt = '2026-01-01T00:00:00Z';
const refusal = { code: 'unknown_person', detail: 'Nobody.' } as const;
after(() => closeChanges());

/** One device with at most one message. */
interface Device {
  db: Database;
  message: Message;
}

function createDevice(): Device {
  const id = randomUUID();
  const acceptedAt = '2026-01-01T00:00:01Z';
  const names = { from: 'ann', fromId: `${ann.id}-${id}`, to: 'bob', toId: bob.id };
  return {
    db: new Database(names.fromId),
    message: { ...names, id, text: 'hi', composedAt, seq: 1, acceptedAt },
  };
}

const none = { delivered: 0, read: 0 };

async function snapshotOf({ db, message }: Device, messages: Message[]): Promise<Snapshot> {
  const theirs = (await readConversation(db, bob.id))?.theirs ?? none;
  const lastSeq = messages.length;
  const conversation = { with: 'bob', withId: bob.id, lastSeq, messages, mine: none, theirs, unread: 0 };
  return {
    me: { id: message.fromId, nick: 'ann', online: true, lastSeen: null },
    cursor: 'e.5.000000000000',
    people: [],
    conversations: messages.length > 0 ? [conversation] : [],
  };
}

function receive({ db }: Device, event: Parameters<typeof applyEvents>[1][number]['event']): Promise<void> {
  return applyEvents(db, [{ id: 'e.3.000000000000', event }]);
}

const receipt = (progress: { delivered: number; read: number }) =>
  ({
    kind: 'receipt',
    data: { with: 'bob', withId: bob.id, by: 'bob', byId: bob.id, at: composedAt, ...progress },
  }) as const;

const events: Record<Event, (device: Device) => Promise<unknown>> = {
  typed: ({ db }) => saveDraft(db, bob.id, 'hi'),
  composed: ({ db, message: { id, text, fromId } }) =>
    // Its name is taken for ever: composed twice it is refused by the database, and nothing changes.
    enqueueMessage(db, { id, me: { id: fromId, nick: 'ann' }, peer: bob, text, composedAt }).catch(
      () => 'refused',
    ),
  claimed: ({ db }) => claimBatch(db, { maxDrafts: 9, maxBytes: 9_999 }, 1),
  accepted: ({ db, message }) => settle(db, [{ id: message.id, status: 'accepted', message }], 2),
  duplicate: ({ db, message }) => settle(db, [{ id: message.id, status: 'duplicate', message }], 2),
  rejected: ({ db, message }) => settle(db, [{ id: message.id, status: 'rejected', error: refusal }], 2),
  async refused({ db }) {
    const [row] = await listOutbox(db);
    if (row) await failMessage(db, row, refusal);
  },
  // The flush knocks first where a try has failed before, so that nothing is claimed in vain.
  noAnswer: ({ db }) =>
    flushOutbox(db, {
      submit: async () => ({ kind: 'retry-later', why: 'offline' }),
      knock: async () => ({ kind: 'retry-later', why: 'offline' }),
      now: () => 3,
      random: () => 0,
      sleep: async () => undefined,
    }),
  echo: (device) => receive(device, { kind: 'inbox', data: device.message }),
  deliveredReceipt: (device) => receive(device, receipt({ delivered: 1, read: 0 })),
  readReceipt: (device) => receive(device, receipt({ delivered: 1, read: 1 })),
  edited: ({ db, message }) => editQueued(db, message.id, 'hello', { id: randomUUID(), composedAt }),
  moved: ({ db, message }) => moveQueued(db, message.id, 'up'),
  retried: ({ db, message }) => retryMessage(db, message.id),
  deleted: ({ db, message }) => deleteQueued(db, message.id),
  caughtUpWithout: async ({ db }) => reofferUnconfirmed(db, await listUnconfirmed(db)),
  async wentBackWithout(device) {
    await noteReset(device.db, 'restored');
    await applySnapshot(device.db, await snapshotOf(device, []), new Map());
  },
  snapshotWith: async (device) => applySnapshot(device.db, await snapshotOf(device, [device.message])),
  async reopened(device) {
    await device.db.close();
    device.db = new Database(device.message.fromId);
  },
};

/** The shortest way to each state. */
const ways: Record<State, Event[]> = {
  none: [],
  drafted: ['typed'],
  queued: ['composed'],
  tried: ['composed', 'claimed'],
  failed: ['composed', 'claimed', 'rejected'],
  reoffered: ['composed', 'claimed', 'accepted', 'caughtUpWithout'],
  unconfirmed: ['composed', 'claimed', 'accepted'],
  sent: ['composed', 'claimed', 'accepted', 'echo'],
  delivered: ['composed', 'claimed', 'accepted', 'echo', 'deliveredReceipt'],
  read: ['composed', 'claimed', 'accepted', 'echo', 'readReceipt'],
};

/** Read off what is stored; whatever fits no state is a fault by itself. */
async function stateOf({ db }: Device): Promise<State> {
  const [waiting, ...more] = await listOutbox(db);
  assert.equal(more.length, 0, 'one message is queued once');
  const shown = await db.read(['messages'], (tx) => tx.objectStore('messages').getAll());
  const [message] = shown;
  assert.ok(shown.length <= 1, 'one message is shown once');
  if (waiting) {
    assert.equal(message?.id, waiting.id, 'what waits is shown');
    assert.equal(message.seq, undefined, 'what waits has no place on the server');
    if (waiting.status === 'failed') return 'failed';
    if (waiting.reoffered) return 'reoffered';
    return waiting.attempts > 0 ? 'tried' : 'queued';
  }
  if (!message) return (await readDraft(db, bob.id)) === '' ? 'none' : 'drafted';
  assert.notEqual(message.seq, undefined, 'what is shown and waits for nothing is on the server');
  if (message.unconfirmedSince !== undefined) return 'unconfirmed';
  const conversation = await readConversation(db, bob.id);
  const state = settledState(message.seq!, conversation?.theirs ?? none, false);
  assert.ok(state === 'sent' || state === 'delivered' || state === 'read');
  return state;
}

describe('a message', () => {
  for (const [state, row] of Object.entries(table) as [State, Record<Event, State>][]) {
    it(`that is ${state} becomes what is decided, whatever happens`, async () => {
      for (const [event, expected] of Object.entries(row) as [Event, State][]) {
        const device = createDevice();
        for (const step of ways[state]) await events[step](device);
        assert.equal(await stateOf(device), state, `on the way to ${state}`);
        await events[event](device);
        assert.equal(await stateOf(device), expected, `${state}, ${event}`);
        await device.db.close();
      }
    });
  }
});
