import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { Database } from '../../client/store/database.ts';
import { readThread } from '../../client/store/thread.ts';
import { applyEvents, readCursor } from '../../client/store/timeline.ts';
import type { ConnectionEvent } from '../../client/sync/connection-types.ts';
import { LongPoll, type LongPollOptions } from '../../client/sync/long-poll.ts';
import type { EventBatch } from '../../server/protocol/events.ts';

type Ask = { after: string; waitSeconds: number; signal: AbortSignal };

let db: Database;
let asked: Ask[];
let happened: string[];
/** What the server answers, one after the other; then it is silent. */
let answers: (EventBatch | undefined)[];
let settled: PromiseWithResolvers<void>;
let poll: LongPoll;
let options: LongPollOptions;

beforeEach(async () => {
  db = new Database(`ann-${randomUUID()}`);
  asked = [];
  happened = [];
  answers = [];
  settled = Promise.withResolvers();
  await applyEvents(db, [], 0, 'cursor-0');
  options = {
    cursor: async () => (await readCursor(db)) ?? 'none',
    async fetchEvents(cursor, waitSeconds, signal) {
      asked.push({ after: cursor, waitSeconds, signal });
      if (answers.length > 0) return answers.shift();
      settled.resolve();
      return new Promise(() => undefined);
    },
    probe: async () => ({ result: 'signed-in' }),
    onConnected: () => happened.push('connected'),
    store: (events, cursor) => applyEvents(db, events, 0, cursor),
    onCaughtUp: async () => void happened.push('caught up'),
    onReset: async ({ data }) => void happened.push(`reset: ${data.reason}`),
    dispatch(event: ConnectionEvent) {
      happened.push(event.type);
      if (event.type !== 'polled') settled.resolve();
    },
    report: (error) => happened.push(String(error)),
  };
  poll = new LongPoll(options);
});
after(() => closeChanges());

/** Polls until the server is silent, or the poll has ended by itself. */
async function run(...given: (EventBatch | undefined)[]): Promise<void> {
  answers = given;
  poll.start();
  await settled.promise;
}

function batch(cursor: string, texts: string[] = [], more = false): EventBatch {
  const events = texts.map((text, at) => ({
    id: `${cursor}-${at}`,
    event: 'inbox',
    data: {
      ...{ id: randomUUID(), from: 'bob', fromId: 'bob-id', to: 'ann', toId: db.personId, text },
      ...{ composedAt: '2026-01-01T00:00:00Z', acceptedAt: '2026-01-01T00:00:00Z', seq: Number(text) },
    },
  }));
  return { events, cursor, more };
}

const reset: EventBatch = {
  events: [{ id: 'head', event: 'reset', data: { reason: 'restored' } }],
  cursor: 'head',
  more: false,
};

describe('the long poll', () => {
  it('asks once without waiting, to know whether it works, and then lets the server wait', async () => {
    await run(batch('cursor-1', ['1']));
    assert.deepEqual(
      asked.map(({ after: cursor, waitSeconds }) => [cursor, waitSeconds]),
      [
        ['cursor-0', 0],
        ['cursor-1', 25],
      ],
    );
    assert.deepEqual(happened, ['connected', 'caught up', 'polled']);
  });

  it('stores a batch together with the cursor of the answer, which may stand behind superseded events', async () => {
    await run(batch('cursor-9', ['1', '2']));
    assert.deepEqual(
      (await readThread(db, 'bob-id', 10)).messages.map(({ text }) => text),
      ['1', '2'],
    );
    assert.equal(await readCursor(db), 'cursor-9');
  });

  it('moves the cursor on past superseded events also where nothing else came', async () => {
    await run(batch('cursor-5'));
    assert.equal(await readCursor(db), 'cursor-5');
  });

  it('is caught up once, after the first answer with nothing behind it', async () => {
    await run(batch('a', ['1'], true), batch('b', ['2']), batch('c', ['3']));
    assert.deepEqual(happened, ['connected', 'polled', 'caught up', 'polled', 'polled']);
  });

  it('ends at a failure, and says so', async () => {
    await run(batch('a'), undefined);
    assert.deepEqual(happened, ['connected', 'caught up', 'polled', 'poll-failed']);
    assert.equal(asked.length, 2);
  });

  it('keeps the cursor where a batch could not be stored, and ends', async () => {
    options.store = async () => {
      throw new Error('The disk is full.');
    };
    await run(batch('a', ['1']));
    assert.deepEqual(happened, ['connected', 'Error: The disk is full.', 'poll-failed']);
    assert.equal(await readCursor(db), 'cursor-0');
  });

  it('takes a reset over, and begins anew', async () => {
    await run(reset);
    assert.deepEqual(happened, ['reset: restored', 'reopen']);
  });

  it('believes no reset before it knows that the session is still this person’s', async () => {
    options.probe = async () => ({ result: 'other-person' });
    await run(reset);
    assert.deepEqual(happened, ['poll-failed']);
  });

  it('drops what an earlier poll still brings, and gives up its request', async () => {
    const slow = Promise.withResolvers<EventBatch>();
    const { fetchEvents } = options;
    options.fetchEvents = (cursor, waitSeconds, signal) => {
      asked.push({ after: cursor, waitSeconds, signal });
      return slow.promise;
    };
    poll.start();
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    options.fetchEvents = fetchEvents;
    await run(batch('new', ['2']));
    slow.resolve(batch('old', ['1']));
    await slow.promise;
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(asked[0]?.signal.aborted, true);
    assert.equal(await readCursor(db), 'new');
    assert.deepEqual(happened, ['connected', 'caught up', 'polled']);
  });
});
