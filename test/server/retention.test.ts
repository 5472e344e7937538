/**
 * What is older than it is to be kept goes; what was promised stays. On the SQLite store, with its files looked into; with
 * TEST_STORE=postgres on the other.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pruneAll } from '../../server/inbox/retention.ts';
import { parseEventId } from '../../server/protocol/event-id.ts';
import type { Draft } from '../../server/protocol/requests.ts';
import type { EventStore, StoredPerson } from '../../server/store/event-store.ts';
import { openStore } from '../../server/store/open-store.ts';
import { ApiPerson } from '../support/person.ts';
import { databaseFor, dropDatabaseFor, isOnPostgres } from '../support/postgres.ts';
import { startTestServer } from '../support/start-test-server.ts';
import { draftTo, eventsAfter, join, notReset } from './store-contract/stage.ts';

const dayMs = 86_400_000;
const day = (n: number) => new Date(Date.UTC(2026, 0, n)).toISOString();

let dataDir: string;
let store: EventStore;
let ana: StoredPerson;
let bo: StoredPerson;

async function open(): Promise<void> {
  store = await openStore(
    { dataDir, databaseUrl: (await databaseFor(dataDir))?.url },
    {
      onFatal(error) {
        throw error;
      },
      onNotice: () => undefined,
    },
  );
}
beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-retention-'));
  await open();
  [ana, bo] = [await join(store, 'ana'), await join(store, 'bo')];
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
  await dropDatabaseFor(dataDir);
});

async function firstRow(sql: string, value: string): Promise<unknown> {
  const database = await databaseFor(dataDir);
  if (database) return (await database.query(sql, [value]))[0];
  const db = new DatabaseSync(path.join(dataDir, 'opentalk.db'), { readOnly: true });
  const row = db.prepare(sql.replace('$1', '?')).get(value);
  db.close();
  return row;
}

const inFilesOnly = { skip: isOnPostgres && 'the files are those of the database server' };

const send = async (text: string, on: number, from = ana, to = bo): Promise<Draft> => {
  const draft = draftTo(to.nick, text);
  const { results } = await store.append(from.id, [draft], day(on));
  assert.equal(results[0]!.status, 'accepted');
  return draft;
};
const again = async (draft: Draft) => (await store.append(ana.id, [draft], day(100))).results[0]!;
const reasonOf = async (person: StoredPerson, cursor: string) => {
  const page = await store.readInbox(person.id, cursor, 100);
  return page.kind === 'reset' ? page.reason : page.events.map(({ json }) => JSON.parse(json).text as string);
};
const historyOf = async (before?: number, limit = 100) => {
  const { messages, more } = (await store.history(bo.id, { with: 'ana' }, before, limit))!;
  return [messages.map(({ text }) => text), more];
};

describe('an inbox from which old events went', () => {
  it('resumes from every cursor that is kept without a gap, and says retention to each older one', async () => {
    const cursors = [await store.head(bo.id)];
    for (const n of [1, 2, 3, 4, 5]) {
      await send(`${n}`, n);
      cursors.push(await store.head(bo.id));
    }
    assert.equal(await pruneAll(store, { eventsBefore: day(4) }), 6, 'three events in two inboxes');
    const found = await Promise.all(cursors.map((cursor) => reasonOf(bo, cursor)));
    // Whoever has the last one that went has missed nothing.
    assert.deepEqual(found, ['retention', 'retention', 'retention', ['4', '5'], ['5'], []]);
    assert.deepEqual(await historyOf(), [['1', '2', '3', '4', '5'], false], 'history is another matter');
  });

  it('keeps its last position and tag for ever, also when all of it is gone', async () => {
    const empty = await store.head(bo.id);
    await send('1', 1);
    const head = await store.head(bo.id);
    for (const on of [2, 50, 1_000])
      await pruneAll(store, { eventsBefore: day(on), messagesBefore: day(on) });
    assert.equal(await store.head(bo.id), head);
    assert.deepEqual([await reasonOf(bo, head), await reasonOf(bo, empty)], [[], 'retention']);
    await send('2', 1_001);
    assert.deepEqual(await reasonOf(bo, head), ['2']);
    assert.equal(parseEventId(await store.head(bo.id))!.position, 2);
  });

  it('of nobody who has had anything stays as it is', async () => {
    const empty = await store.head(bo.id);
    assert.equal(await pruneAll(store, { eventsBefore: day(100) }), 0);
    assert.deepEqual(await reasonOf(bo, empty), []);
  });

  it('takes superseded receipts along, and the last ones too: the snapshot knows them', async () => {
    await store.setPeer(bo.id, { with: 'ana' }, { accepted: true }, day(1));
    await send('1', 1);
    await send('2', 1);
    for (const upTo of [1, 2]) await store.recordReceipts(bo.id, { read: [{ with: 'ana', upTo }] }, day(2));
    const head = await store.head(ana.id);
    await pruneAll(store, { eventsBefore: day(3) });
    assert.deepEqual(notReset(await store.readInbox(ana.id, head, 10)).events, []);
    const [conversation] = (await store.snapshot(ana.id)).conversations;
    assert.deepEqual(conversation!.theirs, { delivered: 2, read: 2 });
    await send('3', 4);
    await store.recordReceipts(bo.id, { read: [{ with: 'ana', upTo: 3 }] }, day(5));
    const { events } = await eventsAfter(store, ana.id, head);
    assert.deepEqual(
      events.map(({ kind, data }) => [kind, data.seq ?? data.read]),
      [
        ['inbox', 3],
        ['receipt', 3],
      ],
    );
  });

  it('still tells the sender what a device received whose events had gone meanwhile', async () => {
    await send('1', 1);
    await send('2', 2);
    await pruneAll(store, { eventsBefore: day(3) });
    await send('3', 4);
    await send('kept from the device for now', 5);
    const [, third] = (await eventsAfter(store, bo.id, await afterPruned())).events.map(({ id }) => id);
    const told = async () => (await store.snapshot(ana.id)).conversations[0]!.theirs.delivered;
    // A snapshot, and no event after it: all but what came since is on the device.
    await store.recordReceipts(bo.id, { delivered: await afterPruned() }, day(6));
    assert.equal(await told(), 2);
    await store.recordReceipts(bo.id, { delivered: third! }, day(6));
    assert.equal(await told(), 4);
  });

  /** The cursor of the last event of bo's inbox that went. */
  async function afterPruned(): Promise<string> {
    const head = parseEventId(await store.head(bo.id))!;
    const first = 'SELECT position, tag FROM inbox WHERE person = (SELECT n FROM person WHERE id = $1)';
    const row = (await firstRow(`${first} ORDER BY position LIMIT 1`, bo.id)) as {
      position: number;
      tag: string;
    };
    return `${head.epoch}.${row.position}.${row.tag}`;
  }
});

describe('a message whose text went', () => {
  const letGo = () => pruneAll(store, { messagesBefore: day(50) });

  it('still takes effect once: sent again it is a duplicate, and with another body it is refused', async () => {
    const draft = await send('of long ago', 1);
    const second = await send('and another', 2);
    await letGo();
    const cursor = await store.head(bo.id);
    for (const each of [draft, second]) {
      const { status, message } = await again(each);
      assert.equal(status, 'duplicate');
      const { seq, text, acceptedAt } = message!;
      const isFirst = each === draft;
      assert.deepEqual(
        [seq, text, acceptedAt],
        isFirst ? [1, 'of long ago', day(1)] : [2, 'and another', day(2)],
      );
    }
    assert.equal((await again({ ...draft, text: 'of long before' })).error?.code, 'id_reused');
    assert.equal((await again({ ...draft, to: 'ana' })).error?.code, 'id_reused');
    assert.equal((await again({ ...draft, text: second.text })).error?.code, 'id_reused');
    assert.equal(await store.head(bo.id), cursor, 'nothing was put into any inbox');
    assert.equal((await store.snapshot(bo.id)).conversations[0]!.lastSeq, 2);
  });

  it('is followed by the next seq, and none is given twice', async () => {
    await send('1', 1);
    await letGo();
    const draft = await send('2', 60);
    assert.equal((await again(draft)).message?.seq, 2);
  });

  it('is not in the history any more, which ends there', async () => {
    for (const n of [1, 2]) await send(`old ${n}`, n);
    for (const n of [60, 61, 62]) await send(`${n}`, n);
    await letGo();
    assert.deepEqual(await historyOf(), [['60', '61', '62'], false]);
    assert.deepEqual(await historyOf(undefined, 2), [['61', '62'], true]);
    assert.deepEqual(await historyOf(4, 1), [['60'], false]);
    assert.deepEqual(await historyOf(3), [[], false]);
    await pruneAll(store, { messagesBefore: day(100) });
    assert.deepEqual(await historyOf(), [[], false]);
  });

  it('is neither unread nor in a snapshot, and the conversation stays with its last seq', async () => {
    for (const n of [1, 2, 60]) await send(`${n}`, n);
    await letGo();
    const [kept] = (await store.snapshot(bo.id)).conversations;
    assert.deepEqual([kept!.unread, kept!.lastSeq, kept!.messages.map(({ text }) => text)], [1, 3, ['60']]);
    await pruneAll(store, { messagesBefore: day(100) });
    const [gone] = (await store.snapshot(bo.id)).conversations;
    assert.deepEqual([gone!.unread, gone!.lastSeq, gone!.messages], [0, 3, []]);
  });

  it('leaves the digest of what is kept as it was', async () => {
    for (const n of [1, 2, 60, 61]) await send(`${n}`, n);
    const stretch = (from: number, upTo: number) => store.stretch(bo.id, { with: 'ana' }, from, upTo);
    const before = (await stretch(3, 4))!;
    await letGo();
    const after = { ...before, first: 3 };
    assert.deepEqual(await stretch(1, 100), after);
    assert.deepEqual(await stretch(3, 4), after);
    await pruneAll(store, { messagesBefore: day(100) });
    const nothing = { first: 5, last: 4, from: 5, upTo: 4, digest: '0'.repeat(16) };
    assert.deepEqual(await stretch(1, 100), nothing);
  });

  it('takes its events along, and stays while an event of it does, whatever the clock has done', async () => {
    await send('1', 1);
    await send('by a clock that was ahead', 60);
    await send('2', 2);
    const head = await store.head(bo.id);
    await letGo();
    assert.deepEqual(await historyOf(), [['by a clock that was ahead', '2'], false]);
    const cursor = await store.head(bo.id);
    assert.equal(cursor, head);
    await pruneAll(store, { messagesBefore: day(61) });
    assert.deepEqual(await historyOf(), [[], false]);
  });

  it('is in no file any more after a pass, however long it was', inFilesOnly, async () => {
    const secrets = ['a short secret', `a long secret ${'x'.repeat(3_900)} to its end`, 'said by the other'];
    await send(secrets[0]!, 1);
    await send(secrets[1]!, 1);
    await send(secrets[2]!, 1, bo, ana);
    await send('kept', 60);
    const inFiles = (words: string) =>
      readdirSync(dataDir).some((name) => readFileSync(path.join(dataDir, name)).includes(words));
    const words = ['short secret', 'long secret', 'to its end', 'said by the other'];
    assert.deepEqual(words.map(inFiles), [true, true, true, true]);
    await letGo();
    // The log is cut off behind the answer, and before the next one.
    await store.recordSeen([]);
    assert.deepEqual(words.map(inFiles), [false, false, false, false]);
    assert.ok(inFiles('kept'));
  });

  it(
    'also goes from the log of a server that was ended before the end of its pass',
    inFilesOnly,
    async () => {
      await send('a secret', 1);
      assert.equal((await store.prune({ messagesBefore: day(50) }, 0)).next, 'messages');
      assert.equal((await store.prune({ messagesBefore: day(50) }, 'messages')).removed, 1);
      await store.close();
      await open();
      await letGo();
      await store.recordSeen([]);
      const isThere = readdirSync(dataDir).some((name) =>
        readFileSync(path.join(dataDir, name)).includes('a secret'),
      );
      assert.ok(!isThere);
    },
  );
});

describe('a pass', () => {
  it('goes in small steps, and whoever sends meanwhile is answered between them', async () => {
    const drafts = Array.from({ length: 2_000 }, (_, n) => draftTo('bo', `${n}`));
    await store.append(ana.id, drafts, day(1));
    const steps: number[] = [];
    const counting = {
      async prune(...parameters: Parameters<EventStore['prune']>) {
        const step = await store.prune(...parameters);
        steps.push(step.removed);
        return step;
      },
    };
    const pass = pruneAll(counting, { messagesBefore: day(50) });
    let answeredAfter = Infinity;
    await Promise.all([pass, send('meanwhile', 60).then(() => (answeredAfter = steps.length))]);
    assert.ok(Math.max(...steps) <= 500, steps.join());
    assert.equal(
      steps.reduce((sum, count) => sum + count),
      3 * 2_000,
      'two inboxes, and the texts',
    );
    assert.ok(answeredAfter <= 3, `answered after ${answeredAfter} of ${steps.length} steps`);
    assert.deepEqual(await historyOf(), [['meanwhile'], false]);
  });

  it('removes nothing when nothing is to go', async () => {
    await send('1', 60);
    assert.equal(await pruneAll(store, {}), 0);
    assert.equal(await pruneAll(store, { eventsBefore: day(1), messagesBefore: day(1) }), 0);
    assert.deepEqual(await historyOf(), [['1'], false]);
  });
});

describe('a server with retention', () => {
  it('lets go at its start, and says so to a device that comes late, which goes on from a snapshot', async () => {
    let nowMs = Date.UTC(2026, 0, 1);
    const now = () => new Date(nowMs);
    const keep = { now, keepMessagesMs: 90 * dayMs, keepEventsMs: 30 * dayMs };
    let server = await startTestServer(keep);
    try {
      const [amy, ben] = [
        await ApiPerson.signIn(server.url, 'amy'),
        await ApiPerson.signIn(server.url, 'ben'),
      ];
      const { cursor } = await ben.sync();
      const draft = amy.draft(ben, 'hello');
      await amy.send(draft);
      const afterHello = (await ben.events(cursor)).cursor;
      const goOn = async (days: number) => {
        nowMs += days * dayMs;
        server = await server.restart();
      };
      const until = async (isSo: () => Promise<boolean>) => {
        while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
      };
      const at = (person: ApiPerson) => new ApiPerson(server.url, person.cookie, person.me);

      await goOn(40);
      const reset = async () => (await at(ben).events(cursor)).events[0];
      await until(async () => (await reset())?.event === 'reset');
      assert.deepEqual((await reset())?.data, { reason: 'retention' });
      assert.deepEqual((await at(ben).events(afterHello)).events, [], 'who was up to date goes on');
      assert.deepEqual(
        (await at(ben).sync()).conversations[0]!.messages.map(({ text }) => text),
        ['hello'],
      );

      await goOn(60);
      await until(async () => (await at(ben).history('amy')).length === 0);
      assert.equal((await at(amy).send(draft))[0]!.status, 'duplicate');
      assert.deepEqual((await at(ben).sync()).conversations[0]!.messages, []);
    } finally {
      await server.remove();
    }
  });
});
