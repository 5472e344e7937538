import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { Database } from '../../client/store/database.ts';
import { flushOutbox, readFlushState, type FlushTools } from '../../client/store/flush-outbox.ts';
import { enqueueMessage, hasNothingQueued, listOutbox } from '../../client/store/outbox.ts';
import type { Submission } from '../../client/store/submit-messages.ts';
import type { Draft } from '../../server/protocol/requests.ts';

let db: Database;
let clock: number;
let slept: number[];

beforeEach(() => {
  db = new Database(`id-of-ann-${randomUUID()}`);
  clock = 1_700_000_000_000;
  slept = [];
});
after(() => closeChanges());

async function compose(text: string): Promise<void> {
  const me = { id: db.personId, nick: 'ann' };
  const peer = { id: 'id-of-bob', nick: 'bob' };
  await enqueueMessage(db, { id: randomUUID(), me, peer, text, composedAt: '2026-01-01T00:00:00Z' });
}

function tools(submit: (drafts: readonly Draft[]) => Submission | Promise<Submission>): FlushTools {
  return {
    submit: async (drafts) => submit(drafts),
    now: () => clock,
    random: () => 1,
    async sleep(ms) {
      slept.push(ms);
      clock += ms;
    },
  };
}

const offline: Submission = { kind: 'retry-later', why: 'offline' };
const acceptAll = (drafts: readonly Draft[]): Submission => ({
  kind: 'answered',
  results: drafts.map((draft, index) => ({
    id: draft.id,
    status: 'accepted',
    message: {
      ...draft,
      toId: 'id-of-bob',
      from: 'ann',
      fromId: db.personId,
      seq: index + 1,
      acceptedAt: '2026-01-01T00:00:01Z',
    },
  })),
});

describe('whose turn it is to flush', () => {
  it('tries at once after a pause, but while it fails once a second at most, whoever asks', async () => {
    await compose('hello');
    const failing = tools(() => offline);
    await flushOutbox(db, failing);
    assert.deepEqual(slept, []);
    clock += 300;
    await flushOutbox(db, failing);
    assert.deepEqual(slept, [700]);
    clock += 5_000;
    await flushOutbox(db, tools(acceptAll));
    assert.deepEqual(slept, [700]);
    assert.equal(await hasNothingQueued(db), true);
  });

  it('does not sleep for a day because the clock was set back by one', async () => {
    await compose('hello');
    await flushOutbox(
      db,
      tools(() => offline),
    );
    clock -= 86_400_000;
    await flushOutbox(db, tools(acceptAll), { onlyIfDue: true });
    assert.deepEqual(slept, [1_000]);
    assert.equal(await hasNothingQueued(db), true);
  });

  it('leaves it at the time of the next try when only a timer asks', async () => {
    await compose('hello');
    let tries = 0;
    const failing = tools(() => {
      tries += 1;
      return offline;
    });
    await flushOutbox(db, failing);
    const { nextTryAt } = await readFlushState(db);
    assert.deepEqual(await flushOutbox(db, failing, { onlyIfDue: true }), {
      kind: 'later',
      tryAt: nextTryAt,
    });
    assert.equal(tries, 1);
    clock = nextTryAt;
    await flushOutbox(db, failing, { onlyIfDue: true });
    assert.equal(tries, 2);
  });

  it('waits for the flush that is under way, whoever has it', async () => {
    await compose('hello');
    const begun = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const first = flushOutbox(
      db,
      tools(async (drafts) => {
        begun.resolve();
        await answer.promise;
        return acceptAll(drafts);
      }),
    );
    await begun.promise;
    const sent: string[] = [];
    const second = flushOutbox(
      new Database(db.personId),
      tools((drafts) => {
        sent.push(...drafts.map(({ text }) => text));
        return acceptAll(drafts);
      }),
    );
    await compose('later');
    const { pending } = await navigator.locks.query();
    assert.ok(pending!.some(({ name }) => name === `outbox-${db.personId}`));
    answer.resolve();
    await Promise.all([first, second]);
    assert.ok(!sent.includes('hello'), 'nothing is sent twice');
    assert.equal(await hasNothingQueued(db), true);
  });

  it('is not kept by a page that leaves: the next one flushes at once', async () => {
    await compose('hello');
    const leaving = new AbortController();
    const hanging = Promise.withResolvers<Submission>();
    const begun = Promise.withResolvers<void>();
    const first = flushOutbox(
      db,
      tools(() => {
        begun.resolve();
        return hanging.promise;
      }),
      { signal: leaving.signal },
    );
    await begun.promise;
    leaving.abort();
    assert.equal(await first, undefined);
    assert.deepEqual(await flushOutbox(db, tools(acceptAll)), { kind: 'drained' });
    hanging.resolve(offline);
    assert.deepEqual(await listOutbox(db), []);
  });

  it('passes over a holder without a sign of life, when the timer looks for it', async () => {
    await compose('hello');
    const hanging = Promise.withResolvers<Submission>();
    const begun = Promise.withResolvers<void>();
    const frozen = flushOutbox(
      db,
      tools(() => {
        begun.resolve();
        return hanging.promise;
      }),
    );
    await begun.promise;
    const waits = flushOutbox(db, tools(acceptAll));
    // One holds and one waits: a third is not needed, until they have been still for too long.
    assert.equal(await flushOutbox(db, tools(acceptAll), { onlyIfDue: true }), undefined);
    clock += 61_000;
    assert.deepEqual(await flushOutbox(db, tools(acceptAll), { onlyIfDue: true }), { kind: 'drained' });
    assert.deepEqual(await waits, { kind: 'drained' });
    hanging.resolve(offline);
    assert.equal((await frozen)?.kind, 'later');
    assert.deepEqual(await listOutbox(db), []);
  });
});
