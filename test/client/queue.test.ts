import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { Database, type OutboxRow } from '../../client/store/database.ts';
import { flushOutbox, readFlushState, type FlushTools } from '../../client/store/flush-outbox.ts';
import { enqueueMessage, listOutbox } from '../../client/store/outbox.ts';
import {
  canBeChanged,
  deleteQueued,
  editQueued,
  moveQueued,
  retryMessage,
} from '../../client/store/queue.ts';
import { knock, type Submission } from '../../client/store/submit-messages.ts';
import { readThread } from '../../client/store/thread.ts';
import type { Draft } from '../../server/protocol/requests.ts';

const bob = { id: 'id-of-bob', nick: 'bob' };
const carol = { id: 'id-of-carol', nick: 'carol' };
const composedAt = '2026-01-01T14:02:00Z';
const offline = { kind: 'retry-later', why: 'offline' } as const;
let db: Database;

beforeEach(() => {
  db = new Database(`id-of-ann-${randomUUID()}`);
});
after(() => closeChanges());

async function compose(text: string, peer = bob): Promise<string> {
  const id = randomUUID();
  await enqueueMessage(db, { id, me: { id: db.personId, nick: 'ann' }, peer, text, composedAt });
  return id;
}

function flush(submit: FlushTools['submit'], more: Partial<FlushTools> = {}): Promise<unknown> {
  return flushOutbox(db, { submit, now: () => 1_000, random: () => 1, sleep: async () => {}, ...more });
}

const fails = async (): Promise<Submission> => offline;
const refuses = async (drafts: readonly Draft[]): Promise<Submission> => ({
  kind: 'answered',
  results: drafts.map(({ id }) => ({
    id,
    status: 'rejected',
    error: { code: 'unknown_person', detail: '' },
  })),
});
const edit = (id: string, text: string) =>
  editQueued(db, id, text, { id: `new-${id}`, composedAt: '2026-01-01T15:00:00Z' });

async function waiting(): Promise<string[]> {
  return (await listOutbox(db)).map(({ text }) => text);
}
async function shown(peer = bob): Promise<string[]> {
  return (await readThread(db, peer.id, 100)).messages.map(({ text }) => text);
}

describe('a message that was never tried', () => {
  it('gets another text, and stays what and where it is', async () => {
    const id = await compose('on my wya');
    await compose('see you');
    assert.equal(await edit(id, 'on my way'), 'changed');
    const [row] = await listOutbox(db);
    assert.deepEqual([row?.id, row?.composedAt, row?.attempts], [id, composedAt, 0]);
    assert.deepEqual(await waiting(), ['on my way', 'see you']);
    assert.deepEqual(await shown(), ['on my way', 'see you']);
  });

  it('goes out as it was changed, however close to the try', async () => {
    const id = await compose('old');
    const seen: string[] = [];
    await flush(async (drafts) => {
      seen.push(...drafts.map(({ text }) => text));
      assert.equal(await edit(id, 'too late'), 'tried');
      return offline;
    });
    assert.deepEqual(seen, ['old']);
    assert.deepEqual(await waiting(), ['old']);
    assert.deepEqual(await shown(), ['old']);
    // The failure makes the next try knock first.
    const another = await compose('and another');
    await flush(
      async (drafts) => {
        seen.push(...drafts.map(({ text }) => text));
        return offline;
      },
      {
        knock: async () => {
          assert.equal(await edit(another, 'changed in time'), 'changed');
          return { kind: 'open' };
        },
      },
    );
    assert.deepEqual(seen, ['old', 'old', 'changed in time']);
  });

  it('does not go out when it was deleted just before the try', async () => {
    await compose('first');
    await flush(fails);
    const id = await compose('not this');
    const seen: string[] = [];
    await flush(
      async (drafts) => {
        seen.push(...drafts.map(({ text }) => text));
        return offline;
      },
      {
        knock: async () => {
          assert.equal(await deleteQueued(db, id), 'changed');
          return { kind: 'open' };
        },
      },
    );
    assert.deepEqual(seen, ['first']);
  });

  it('changes places with its neighbour, and the thread shows the order in which they will go', async () => {
    const [, b] = [await compose('a'), await compose('b'), await compose('c')];
    assert.equal(await moveQueued(db, b, 'up'), 'changed');
    assert.deepEqual(await waiting(), ['b', 'a', 'c']);
    assert.deepEqual(await shown(), ['b', 'a', 'c']);
    await moveQueued(db, b, 'up');
    assert.deepEqual(await waiting(), ['b', 'a', 'c']);
    await moveQueued(db, b, 'down');
    await moveQueued(db, b, 'down');
    assert.deepEqual(await waiting(), ['a', 'c', 'b']);
    assert.deepEqual(await shown(), ['a', 'c', 'b']);
    const seen: string[] = [];
    await flush(async (drafts) => {
      seen.push(...drafts.map(({ text }) => text));
      return offline;
    });
    assert.deepEqual(seen, ['a', 'c', 'b']);
  });

  it('is moved among all persons, and each thread keeps its own order', async () => {
    await compose('to bob');
    const id = await compose('to carol', carol);
    await compose('to bob again');
    await moveQueued(db, id, 'up');
    assert.deepEqual(await waiting(), ['to carol', 'to bob', 'to bob again']);
    assert.deepEqual(await shown(), ['to bob', 'to bob again']);
    assert.deepEqual(await shown(carol), ['to carol']);
  });
});

describe('a message that was tried', () => {
  it('can only be given up: the server may have it', async () => {
    const tried = await compose('tried');
    await flush(fails);
    const fresh = await compose('fresh');
    assert.equal(await edit(tried, 'changed'), 'tried');
    assert.equal(await moveQueued(db, tried, 'down'), 'tried');
    await moveQueued(db, fresh, 'up');
    assert.deepEqual(await waiting(), ['tried', 'fresh']);
    assert.equal(await deleteQueued(db, tried), 'tried');
    assert.deepEqual(await shown(), ['fresh']);
  });

  it('can be changed after a refusal: then it is a new message, composed now', async () => {
    const id = await compose('refused');
    await flush(refuses);
    await compose('later');
    assert.equal(await edit(id, 'better'), 'changed');
    const rows = await listOutbox(db);
    const expected: Partial<OutboxRow> = {
      id: `new-${id}`,
      text: 'better',
      composedAt: '2026-01-01T15:00:00Z',
      status: 'queued',
      attempts: 0,
    };
    const { ordinal: _, to: __, toId: ___, ...last } = rows[1]!;
    assert.deepEqual(last, expected);
    assert.deepEqual(await waiting(), ['later', 'better']);
    assert.deepEqual(await shown(), ['later', 'better']);
  });

  it('is not the person’s to change again once a refused one was retried', async () => {
    const id = await compose('again');
    await flush(refuses);
    await retryMessage(db, id);
    await flush(fails);
    assert.deepEqual((await listOutbox(db)).map(canBeChanged), [false]);
  });

  it('is gone for whoever comes too late', async () => {
    const id = await compose('x');
    await deleteQueued(db, id);
    assert.deepEqual(
      [await edit(id, 'y'), await moveQueued(db, id, 'up'), await deleteQueued(db, id)],
      ['gone', 'gone', 'gone'],
    );
  });
});

describe('a flush in a tunnel', () => {
  it('knocks first once a try has failed, and counts no try of what it did not send', async () => {
    await compose('first');
    await flush(fails);
    await compose('second');
    let asked = 0;
    await flush(
      async () => {
        asked += 1;
        return offline;
      },
      { knock: async () => ({ kind: 'retry-later', why: 'not-ours' }) },
    );
    assert.equal(asked, 0);
    assert.deepEqual(
      (await listOutbox(db)).map(({ attempts }) => attempts),
      [1, 0],
    );
    const { why, failures, nextTryAt } = await readFlushState(db);
    assert.deepEqual([why, failures, nextTryAt], ['not-ours', 2, 3_000]);
  });

  it('pauses when the knock finds another person or nobody signed in', async () => {
    await compose('mine');
    await flush(fails);
    for (const kind of ['signed-out', 'other-person'] as const) {
      assert.deepEqual(await flush(fails, { knock: async () => ({ kind }) }), { kind: 'paused', why: kind });
    }
    assert.equal((await listOutbox(db))[0]?.attempts, 1);
  });
});

describe('a knock', () => {
  const me = { id: 'id-of-ann', nick: 'ann', online: true, lastSeen: null };
  const answer =
    (body: unknown, init: ResponseInit = {}): typeof fetch =>
    async () =>
      new Response(typeof body === 'string' ? body : JSON.stringify(body), init);
  const problem = (status: number, code: string) =>
    answer(
      { type: 'about:blank', title: '', status, code, detail: '' },
      { status, headers: { 'Content-Type': 'application/problem+json' } },
    );

  it('tells our server from a portal, a proxy and silence', async () => {
    assert.deepEqual(await knock(me.id, answer({ me })), { kind: 'open' });
    assert.deepEqual(await knock('another', answer({ me })), { kind: 'other-person' });
    assert.deepEqual(await knock(me.id, problem(401, 'signed_out')), { kind: 'signed-out' });
    const portal = await knock(me.id, answer('<html>Welcome to the hotel</html>'));
    assert.deepEqual(portal, { kind: 'retry-later', why: 'not-ours' });
    const proxy = await knock(me.id, answer('bad gateway', { status: 502 }));
    assert.deepEqual(proxy, { kind: 'retry-later', why: 'server' });
    const silence = await knock(me.id, async () => {
      throw new TypeError('Failed to fetch');
    });
    assert.deepEqual(silence, { kind: 'retry-later', why: 'offline' });
  });
});
