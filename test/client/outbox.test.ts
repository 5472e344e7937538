import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { markRead, readConversation } from '../../client/store/conversations.ts';
import { Database } from '../../client/store/database.ts';
import { readDraft, saveDraft } from '../../client/store/drafts.ts';
import { flushOutbox, readFlushState, type FlushTools } from '../../client/store/flush-outbox.ts';
import { enqueueMessage, listOutbox } from '../../client/store/outbox.ts';
import { deleteQueued, retryMessage } from '../../client/store/queue.ts';
import type { Submission } from '../../client/store/submit-messages.ts';
import { readThread } from '../../client/store/thread.ts';
import { applyEvents, readCursor } from '../../client/store/timeline.ts';
import type { Draft, Message, Result } from '../../server/protocol/requests.ts';

const ann = { id: 'id-of-ann', nick: 'ann' };
const bob = { id: 'id-of-bob', nick: 'bob' };
let db: Database;

beforeEach(async () => {
  db = new Database(`${ann.id}-${randomUUID()}`);
});
after(() => closeChanges());

/** The person whose database it is has the database's id, because own messages are found by it. */
async function compose(...texts: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const text of texts) {
    const id = randomUUID();
    const me = { id: db.personId, nick: 'ann' };
    await enqueueMessage(db, { id, me, peer: bob, text, composedAt: new Date().toISOString() });
    ids.push(id);
  }
  return ids;
}

/** A server that knows what it has: once per id, with the next seq. */
function createServer(): { accepted: Message[]; answer: (drafts: readonly Draft[]) => Submission } {
  const accepted: Message[] = [];
  return {
    accepted,
    answer: (drafts) => ({ kind: 'answered', results: drafts.map(accept) }),
  };
  function accept(draft: Draft): Result {
    const known = accepted.find(({ id }) => id === draft.id);
    if (known) return { id: draft.id, status: 'duplicate', message: known };
    const message: Message = {
      ...draft,
      toId: bob.id,
      from: 'ann',
      fromId: db.personId,
      seq: accepted.length + 1,
      acceptedAt: new Date().toISOString(),
    };
    accepted.push(message);
    return { id: draft.id, status: 'accepted', message };
  }
}

function tools(submit: FlushTools['submit'], now = () => 0): FlushTools {
  return { submit, now, random: () => 1, sleep: async () => {} };
}

async function shownTexts(): Promise<string[]> {
  return (await readThread(db, bob.id, 100)).messages.map(({ text }) => text);
}

describe('the outbox', () => {
  it('takes a message and ends its draft in one write', async () => {
    await saveDraft(db, bob.id, 'hello');
    await compose('hello');
    assert.equal(await readDraft(db, bob.id), '');
    assert.deepEqual(await shownTexts(), ['hello']);
    assert.equal((await listOutbox(db)).length, 1);
  });

  it('sends the oldest first, and settles only what an answer names', async () => {
    const server = createServer();
    const [first] = await compose('one', 'two', 'three');
    const seen: string[][] = [];
    await flushOutbox(
      db,
      tools(async (drafts) => {
        seen.push(drafts.map(({ text }) => text));
        return seen.length === 1 ? server.answer(drafts.slice(0, 1)) : { kind: 'retry-later', why: 'server' };
      }),
    );
    assert.deepEqual(seen, [
      ['one', 'two', 'three'],
      ['two', 'three'],
    ]);
    const waiting = await listOutbox(db);
    assert.deepEqual(
      waiting.map(({ text }) => text),
      ['two', 'three'],
    );
    assert.ok(!waiting.some(({ id }) => id === first));
  });

  it('keeps a message when the connection drops before the answer, and sends it under the same id', async () => {
    const server = createServer();
    await compose('only once');
    await flushOutbox(
      db,
      tools(async (drafts) => {
        server.answer(drafts); // the server has it; the answer is lost
        return { kind: 'retry-later', why: 'offline' };
      }),
    );
    assert.equal((await listOutbox(db))[0]?.attempts, 1);
    await flushOutbox(
      db,
      tools(async (drafts) => server.answer(drafts)),
    );
    assert.equal(server.accepted.length, 1);
    assert.deepEqual(await listOutbox(db), []);
  });

  it('does not take a captive portal’s page for an answer', async () => {
    await compose('kept');
    const end = await flushOutbox(
      db,
      tools(async () => ({ kind: 'retry-later', why: 'not-ours' })),
    );
    assert.equal(end?.kind, 'later');
    assert.equal((await listOutbox(db)).length, 1);
  });

  it('keeps a message that an answer of ours does not name, and does not ask for it without end', async () => {
    await compose('unnamed');
    const end = await flushOutbox(
      db,
      tools(async () => ({ kind: 'answered', results: [] })),
    );
    assert.equal(end?.kind, 'later');
    assert.deepEqual(
      (await listOutbox(db)).map(({ status }) => status),
      ['queued'],
    );
  });

  it('shows a rejected message as failed with its reason, and later ones go on', async () => {
    const server = createServer();
    const [bad] = await compose('bad', 'good');
    await flushOutbox(
      db,
      tools(async (drafts) => {
        const answered = server.answer(drafts.filter(({ id }) => id !== bad));
        assert.equal(answered.kind, 'answered');
        const refusal: Result[] = drafts
          .filter(({ id }) => id === bad)
          .map(({ id }) => ({
            id,
            status: 'rejected',
            error: { code: 'unknown_person', detail: 'Nobody.' },
          }));
        return {
          kind: 'answered',
          results: [...refusal, ...(answered.kind === 'answered' ? answered.results : [])],
        };
      }),
    );
    const { messages } = await readThread(db, bob.id, 100);
    const failed = messages.find(({ id }) => id === bad);
    assert.equal(failed?.state, 'failed');
    assert.equal(failed?.waiting?.refusal?.code, 'unknown_person');
    assert.deepEqual(
      server.accepted.map(({ text }) => text),
      ['good'],
    );
  });

  it('halves a batch that was refused as a whole, down to the guilty message', async () => {
    const server = createServer();
    await compose('a', 'b', 'guilty', 'c', 'd');
    await flushOutbox(
      db,
      tools(async (drafts) =>
        drafts.some(({ text }) => text === 'guilty')
          ? { kind: 'refused', refusal: { code: 'bad_json', detail: '' } }
          : server.answer(drafts),
      ),
    );
    assert.deepEqual(
      server.accepted.map(({ text }) => text),
      ['a', 'b', 'c', 'd'],
    );
    assert.deepEqual(
      (await listOutbox(db)).map(({ text, status }) => [text, status]),
      [['guilty', 'failed']],
    );
  });

  it('keeps everything through 401 and another person’s session, and pauses', async () => {
    await compose('mine');
    for (const kind of ['signed-out', 'other-person'] as const) {
      assert.deepEqual(
        await flushOutbox(
          db,
          tools(async () => ({ kind })),
        ),
        { kind: 'paused', why: kind },
      );
      assert.equal((await listOutbox(db)).length, 1);
    }
  });

  it('backs off with each failure, halves the batch after a timeout, and honours Retry-After', async () => {
    await compose('a', 'b', 'c', 'd');
    const trouble = { kind: 'retry-later', why: 'timeout' } as const;
    await flushOutbox(
      db,
      tools(async () => trouble),
    );
    assert.deepEqual(await readFlushState(db), {
      failures: 1,
      nextTryAt: 1_000,
      holdUntil: 0,
      batchLimit: 2,
      triedAt: 0,
      why: 'timeout',
    });
    await flushOutbox(
      db,
      tools(async () => ({ kind: 'retry-later', why: 'busy', afterMs: 30_000 })),
    );
    let asked = 0;
    const count = async (): Promise<Submission> => {
      asked += 1;
      return trouble;
    };
    const early = await flushOutbox(
      db,
      tools(count, () => 29_999),
    );
    assert.deepEqual([early, asked], [{ kind: 'later', tryAt: 30_000 }, 0]);
    await flushOutbox(
      db,
      tools(count, () => 30_000),
    );
    assert.equal(asked, 1);
  });

  it('lets one flush run and one wait, whoever asks', async () => {
    const server = createServer();
    await compose('a');
    let running = 0;
    let most = 0;
    const slowly = tools(async (drafts) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return server.answer(drafts);
    });
    const ends = await Promise.all(Array.from({ length: 5 }, () => flushOutbox(db, slowly)));
    assert.equal(most, 1);
    assert.ok(ends.filter((end) => end !== undefined).length <= 2);
  });

  it('retries a failed message under its id, behind what is queued already', async () => {
    const [first] = await compose('first');
    await flushOutbox(
      db,
      tools(async (drafts) => ({
        kind: 'answered',
        results: drafts.map(({ id }) => ({
          id,
          status: 'rejected',
          error: { code: 'unknown_person', detail: '' },
        })),
      })),
    );
    await compose('second');
    await retryMessage(db, first!);
    assert.deepEqual(
      (await listOutbox(db)).map(({ text, status }) => [text, status]),
      [
        ['second', 'queued'],
        ['first', 'queued'],
      ],
    );
    assert.deepEqual(await shownTexts(), ['second', 'first']);
  });

  it('does not bring back what was deleted while it was being sent', async () => {
    const server = createServer();
    const [id] = await compose('gone');
    await flushOutbox(
      db,
      tools(async () => {
        await deleteQueued(db, id!);
        return { kind: 'retry-later', why: 'offline' };
      }),
    );
    assert.deepEqual(await listOutbox(db), []);
    assert.equal(server.accepted.length, 0);
  });

  it('ends with its echo in the inbox, also when that is faster than the answer', async () => {
    const server = createServer();
    await compose('echoed');
    await flushOutbox(
      db,
      tools(async (drafts) => {
        const submission = server.answer(drafts);
        await applyEvents(db, [
          { id: 'e.1.000000000000', event: { kind: 'inbox', data: server.accepted[0]! } },
        ]);
        return submission;
      }),
    );
    assert.deepEqual(await listOutbox(db), []);
    const { messages } = await readThread(db, bob.id, 100);
    assert.deepEqual(
      messages.map(({ text, state }) => [text, state]),
      [['echoed', 'sent']],
    );
  });
});

describe('the timeline', () => {
  const message: Message = {
    id: randomUUID(),
    from: 'bob',
    fromId: bob.id,
    to: 'ann',
    toId: ann.id,
    text: 'hi',
    composedAt: '2026-01-01T00:00:00Z',
    seq: 1,
    acceptedAt: '2026-01-01T00:00:01Z',
  };

  it('stores an event together with its cursor, and applying it twice changes nothing', async () => {
    const events = [{ id: 'e.1.000000000000', event: { kind: 'inbox', data: message } as const }];
    await applyEvents(db, events);
    await applyEvents(db, events);
    assert.equal(await readCursor(db), 'e.1.000000000000');
    assert.deepEqual(await shownTexts(), ['hi']);
  });

  it('keeps neither when the storing fails', async () => {
    const unstorable = { ...message, text: (() => {}) as unknown as string };
    await assert.rejects(
      applyEvents(db, [{ id: 'e.2.000000000000', event: { kind: 'inbox', data: unstorable } }]),
    );
    assert.equal(await readCursor(db), undefined);
    assert.deepEqual(await shownTexts(), []);
  });

  it('skips a kind that it does not know, with its cursor', async () => {
    await applyEvents(db, [{ id: 'e.7.000000000000', event: undefined }]);
    assert.equal(await readCursor(db), 'e.7.000000000000');
  });

  it('counts no note to oneself as unread, however late its other device hears that it was read', async () => {
    const own = { id: db.personId, nick: 'ann' };
    for (const seq of [1, 2]) {
      const data = {
        ...message,
        id: randomUUID(),
        seq,
        from: 'ann',
        fromId: own.id,
        to: 'ann',
        toId: own.id,
      };
      await applyEvents(db, [{ id: `e.${seq}.000000000000`, event: { kind: 'inbox', data } }]);
    }
    await markRead(db, own.id, 1);
    assert.equal((await readConversation(db, own.id))?.unread, 0);
  });

  it('ends a thread at a hole, and says that the rest is on the server', async () => {
    await applyEvents(db, [
      { id: 'e.1.000000000000', event: { kind: 'inbox', data: message } },
      {
        id: 'e.9.000000000000',
        event: { kind: 'inbox', data: { ...message, id: randomUUID(), seq: 5, text: 'five' } },
      },
    ]);
    const thread = await readThread(db, bob.id, 100);
    assert.deepEqual(
      thread.messages.map(({ text }) => text),
      ['five'],
    );
    assert.equal(thread.older, 'on-server');
  });
});
