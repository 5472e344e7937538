/** What is composed while a batch is under way, and what becomes of answers that come in another order. */
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { Database } from '../../client/store/database.ts';
import { flushOutbox, readFlushState, type FlushTools } from '../../client/store/flush-outbox.ts';
import { enqueueMessage, listOutbox } from '../../client/store/outbox.ts';
import { canBeChanged, deleteQueued, editQueued } from '../../client/store/queue.ts';
import type { Submission } from '../../client/store/submit-messages.ts';
import type { Draft, Message, Result } from '../../server/protocol/requests.ts';

interface Asked {
  texts: string[];
  drafts: readonly Draft[];
  signal: AbortSignal;
  answer: (submission: Submission) => void;
}

let db: Database;
let asked: Asked[];
let accepted: Message[];
let onAsked: () => void;

beforeEach(() => {
  db = new Database(`id-of-ann-${randomUUID()}`);
  asked = [];
  accepted = [];
  onAsked = () => {};
});
after(() => closeChanges());

async function compose(text: string): Promise<string> {
  const [me, peer] = [
    { id: db.personId, nick: 'ann' },
    { id: 'id-of-bob', nick: 'bob' },
  ];
  const id = randomUUID();
  await enqueueMessage(db, { id, me, peer, text, composedAt: '2026-01-01T00:00:00Z' });
  return id;
}

const never = Infinity;
/** An upper limit only: what waits to be asked waits for ever. */
const patient = { timeout: 20_000 };

function tools({ newsMs = 0, silenceMs = never } = {}): FlushTools {
  return {
    submit: (drafts, _as, signal) =>
      new Promise((answer) => {
        asked.push({ drafts, texts: drafts.map(({ text }) => text), signal: signal!, answer });
        onAsked();
      }),
    now: Date.now,
    random: () => 1,
    sleep: async () => {},
    pace: { newsMs: () => newsMs, silenceMs: () => silenceMs },
  };
}

async function untilAsked(times: number): Promise<Asked> {
  while (asked.length < times) {
    await new Promise<void>((resolve) => {
      onAsked = resolve;
    });
  }
  return asked[times - 1]!;
}

/** What a server answers to whom it hears from now. */
function serve({ drafts, answer }: Asked, refuses: (draft: Draft) => boolean = () => false): void {
  answer({ kind: 'answered', results: drafts.map((draft) => judge(draft, refuses)) });
}

function judge(draft: Draft, refuses: (draft: Draft) => boolean): Result {
  const known = accepted.find(({ id }) => id === draft.id);
  if (known) return { id: draft.id, status: 'duplicate', message: known };
  if (refuses(draft)) {
    return { id: draft.id, status: 'rejected', error: { code: 'unknown_person', detail: 'Nobody.' } };
  }
  const named = { from: 'ann', fromId: db.personId, toId: 'id-of-bob' };
  const message = { ...draft, ...named, seq: accepted.length + 1, acceptedAt: '2026-01-01T00:00:01Z' };
  accepted.push(message);
  return { id: draft.id, status: 'accepted', message };
}

const order = () => accepted.map(({ text }) => text);

describe('what is composed while an answer is awaited', patient, () => {
  it('leaves at once, behind what is not answered yet, so that the order holds whichever comes first', async () => {
    await compose('one');
    const flushed = flushOutbox(db, tools());
    const first = await untilAsked(1);
    await compose('two');
    const second = await untilAsked(2);
    assert.deepEqual(second.texts, ['one', 'two']);
    serve(second);
    serve(first);
    assert.deepEqual(await flushed, { kind: 'drained' });
    assert.deepEqual(order(), ['one', 'two']);
    assert.deepEqual(await listOutbox(db), []);
    assert.equal(first.signal.aborted, true, 'what a later answer says, nobody waits for');
  });

  it('is not said again with what was answered meanwhile', async () => {
    await compose('one');
    const flushed = flushOutbox(db, tools());
    const first = await untilAsked(1);
    await compose('two');
    const second = await untilAsked(2);
    serve(first);
    while ((await listOutbox(db)).length > 1);
    await compose('three');
    const third = await untilAsked(3);
    assert.deepEqual(third.texts, ['two', 'three']);
    serve(third);
    await flushed;
    assert.equal(second.signal.aborted, true);
    assert.deepEqual(order(), ['one', 'two', 'three']);
  });

  it('waits for an answer when three requests are under way', async () => {
    await compose('one');
    const flushed = flushOutbox(db, tools());
    await untilAsked(1);
    await compose('two');
    await untilAsked(2);
    await compose('three');
    const third = await untilAsked(3);
    await compose('four');
    serve(third);
    const fourth = await untilAsked(4);
    assert.deepEqual(fourth.texts, ['four']);
    serve(fourth);
    assert.deepEqual(await flushed, { kind: 'drained' });
  });

  it('waits where much waits: a long queue is said once', async () => {
    for (let at = 1; at <= 12; at += 1) await compose(String(at));
    const flushed = flushOutbox(db, tools({ silenceMs: 0 }));
    await untilAsked(3);
    serve(asked[2]!);
    await flushed;

    for (let at = 1; at <= 13; at += 1) await compose(String(at));
    const again = flushOutbox(db, tools({ silenceMs: 0 }));
    const only = await untilAsked(4);
    serve(only);
    await again;
    assert.equal(asked.length, 4);
  });

  it('may already have been sent as soon as it is under way, and can no longer be changed', async () => {
    await compose('one');
    const flushed = flushOutbox(db, tools());
    await untilAsked(1);
    const id = await compose('two');
    const second = await untilAsked(2);
    assert.ok((await listOutbox(db)).every((row) => !canBeChanged(row)));
    assert.equal(await editQueued(db, id, 'other', { id: randomUUID(), composedAt: '' }), 'tried');
    assert.equal(await deleteQueued(db, id), 'tried');
    serve(second);
    await flushed;
    assert.deepEqual(order(), ['one', 'two']);
  });
});

describe('a request that is not answered', patient, () => {
  it('is said again on another connection, and a dead one costs nothing more', async () => {
    await compose('one');
    const flushed = flushOutbox(db, tools({ silenceMs: 0 }));
    const third = await untilAsked(3);
    assert.deepEqual(
      asked.map(({ texts }) => texts),
      [['one'], ['one'], ['one']],
    );
    serve(third);
    assert.deepEqual(await flushed, { kind: 'drained' });
    assert.ok(asked.slice(0, 2).every(({ signal }) => signal.aborted));
  });

  it('makes room for one on a new connection, when all that are allowed seem dead', async () => {
    await compose('one');
    const flushed = flushOutbox(db, tools({ silenceMs: 0 }));
    const fifth = await untilAsked(5);
    assert.deepEqual(
      asked.slice(0, 5).map(({ signal }) => signal.aborted),
      [false, false, true, true, false],
    );
    serve(fifth);
    assert.deepEqual(await flushed, { kind: 'drained' });
  });

  it('is not said again for ever: when the first has waited for all of its time, it is later', async () => {
    await compose('one');
    const flushed = flushOutbox(db, tools());
    const first = await untilAsked(1);
    await compose('two');
    const second = await untilAsked(2);
    first.answer({ kind: 'retry-later', why: 'timeout' });
    assert.equal((await flushed)?.kind, 'later');
    assert.equal(second.signal.aborted, true);
    assert.equal((await listOutbox(db)).length, 2);
  });

  it('means later only when none of those beside it is answered', async () => {
    await compose('one');
    const flushed = flushOutbox(db, tools());
    const first = await untilAsked(1);
    await compose('two');
    const second = await untilAsked(2);
    first.answer({ kind: 'retry-later', why: 'offline' });
    serve(second);
    assert.deepEqual(await flushed, { kind: 'drained' });

    await compose('three');
    const failing = flushOutbox(db, tools());
    (await untilAsked(3)).answer({ kind: 'retry-later', why: 'offline' });
    assert.equal((await failing)?.kind, 'later');
  });

  it('is said again after one connection broke, because the others may be as dead', async () => {
    await compose('one');
    const flushed = flushOutbox(db, tools({ silenceMs: 50 }));
    const first = await untilAsked(1);
    await compose('two');
    await untilAsked(2);
    first.answer({ kind: 'retry-later', why: 'offline' });
    serve(await untilAsked(3));
    assert.deepEqual(await flushed, { kind: 'drained' });
    assert.deepEqual(order(), ['one', 'two']);
  });

  it('takes nothing new along once a server has said later', async () => {
    await compose('one');
    const flushed = flushOutbox(db, tools());
    const first = await untilAsked(1);
    await compose('two');
    const second = await untilAsked(2);
    first.answer({ kind: 'retry-later', why: 'server' });
    await compose('three');
    second.answer({ kind: 'retry-later', why: 'timeout' });
    assert.equal((await flushed)?.kind, 'later');
    assert.equal(asked.length, 2);
    assert.equal((await listOutbox(db)).length, 3);
  });
});

describe('a refusal while more is under way', patient, () => {
  it('of one message counts when no request holds it any more that may yet be taken', async () => {
    await compose('to nobody');
    const flushed = flushOutbox(db, tools());
    const first = await untilAsked(1);
    await compose('two');
    const second = await untilAsked(2);
    serve(first, () => true);
    await compose('three');
    const third = await untilAsked(3);
    assert.deepEqual(third.texts, ['to nobody', 'two', 'three']);
    serve(third, ({ text }) => text === 'to nobody');
    assert.deepEqual(await flushed, { kind: 'drained' });
    assert.deepEqual(
      (await listOutbox(db)).map(({ text, status }) => [text, status]),
      [['to nobody', 'failed']],
    );
    assert.deepEqual(order(), ['two', 'three']);
    assert.equal(second.signal.aborted, true);
  });

  it('of a whole request halves that one down to the guilty message, with nothing beside it', async () => {
    await compose('good');
    const flushed = flushOutbox(db, tools());
    const first = await untilAsked(1);
    await compose('bad');
    const second = await untilAsked(2);
    const refusal: Submission = { kind: 'refused', refusal: { code: 'bad_json', detail: 'Not so.' } };
    second.answer(refusal);
    const half = await untilAsked(3);
    assert.equal(first.signal.aborted, true);
    assert.deepEqual(half.texts, ['good']);
    serve(half);
    (await untilAsked(4)).answer(refusal);
    assert.deepEqual(await flushed, { kind: 'drained' });
    assert.deepEqual(
      (await listOutbox(db)).map(({ text, status }) => [text, status]),
      [['bad', 'failed']],
    );
  });

  for (const kind of ['signed-out', 'other-person'] as const) {
    it(`because of ${kind} pauses at once and keeps everything`, async () => {
      await compose('one');
      const flushed = flushOutbox(db, tools());
      const first = await untilAsked(1);
      await compose('two');
      const second = await untilAsked(2);
      second.answer({ kind });
      assert.deepEqual(await flushed, { kind: 'paused', why: kind });
      assert.equal(first.signal.aborted, true);
      assert.equal((await listOutbox(db)).length, 2);
      assert.equal((await readFlushState(db)).why, kind);
    });
  }
});
