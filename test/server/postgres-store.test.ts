/** The PostgreSQL store: the contract, and what only it can get wrong. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { pruneAll } from '../../server/inbox/retention.ts';
import { parseEventId } from '../../server/protocol/event-id.ts';
import { StorageFull, StorageHeld, type EventStore } from '../../server/store/event-store.ts';
import { openPostgresStore, type PostgresStore } from '../../server/store/postgres-store.ts';
import type { StorageNotice } from '../../server/store/storage-watch.ts';
import { addDevice } from '../support/add-device.ts';
import { createDatabase, withoutPostgres, type TestDatabase } from '../support/postgres.ts';
import { describeEventStore } from './event-store-contract.ts';
import { loseAnswers } from './postgres/lose-answers.ts';
import { at, draftTo, eventsAfter, join, minutesLater } from './store-contract/stage.ts';

function failTheTest(error: Error): never {
  throw error;
}

if (withoutPostgres) it('the PostgreSQL store', { skip: withoutPostgres });
else {
  describeEventStore('the PostgreSQL store', async () => {
    const database = await createDatabase();
    const store = await openPostgresStore({ url: database.url, onFatal: failTheTest });
    return {
      store,
      addDevice: (personId, device) => addDevice(database.query, personId, device),
      async remove() {
        await store.close();
        await database.drop();
      },
    };
  });
}

describe('the PostgreSQL store', { skip: withoutPostgres }, () => {
  const stores: EventStore[] = [];
  const databases: TestDatabase[] = [];
  let notices: StorageNotice['kind'][] = [];

  async function newDatabase(options?: string): Promise<TestDatabase> {
    const database = await createDatabase(options);
    databases.push(database);
    return database;
  }

  async function open(url: string, onFatal: (error: Error) => void = failTheTest): Promise<PostgresStore> {
    const onNotice = ({ kind }: StorageNotice) => void notices.push(kind);
    const store = await openPostgresStore({ url, onFatal, onNotice });
    stores.push(store);
    return store;
  }

  /** Has the database refuse the next `times` messages with this SQLSTATE. */
  async function refuse(database: TestDatabase, state: string, times: number): Promise<void> {
    await database.query(`
      CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('refusals') <= ${times} THEN RAISE EXCEPTION 'refused' USING ERRCODE = '${state}'; END IF;
        RETURN NEW;
      END $$`);
    await database.query('DROP SEQUENCE IF EXISTS refusals');
    await database.query('CREATE SEQUENCE refusals');
    await database.query(
      'CREATE OR REPLACE TRIGGER refuse BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION refuse()',
    );
  }

  const cutAll = (database: TestDatabase) =>
    database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`);

  /** As a device does: the same again until it is answered. */
  async function sendUntilAnswered(
    store: EventStore,
    from: string,
    to: string,
    text: string,
  ): Promise<string> {
    const draft = draftTo(to, text);
    for (;;) {
      try {
        return (await store.append(from, [draft], at)).results[0]!.status;
      } catch (error) {
        if (!(error instanceof StorageHeld)) throw error;
      }
    }
  }

  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await Promise.all(databases.splice(0).map((database) => database.drop()));
    notices = [];
  });

  it('has everything again after it was closed and opened', async () => {
    const { url } = await newDatabase();
    const store = await open(url);
    const ana = await join(store, 'ana');
    const cursor = await store.head(ana.id);
    await store.append(ana.id, [draftTo('ana', 'kept')], at);
    const before = await store.snapshot(ana.id);
    await store.close();
    const again = await open(url);
    assert.equal(again.epoch, store.epoch);
    assert.deepEqual(await again.snapshot(ana.id), before);
    assert.equal((await eventsAfter(again, ana.id, cursor)).events.length, 1);
  });

  it('reads no more for who has written and received much, also while there are no statistics', async () => {
    const database = await newDatabase();
    const store = await open(database.url);
    const ana = await join(store, 'ana');
    const send = (count: number) =>
      store.append(
        ana.id,
        Array.from({ length: count }, () => draftTo('ana', 'a note')),
        at,
      );
    const rounds = 20;
    const many = 1_000;
    await send(many / 2);
    await send(many / 2);
    for (let round = 0; round < rounds; round += 1) {
      await send(1);
      await store.recordReceipts(ana.id, { delivered: await store.head(ana.id), read: [] }, at);
    }
    // A connection tells what it has read when it ends.
    await store.close();
    const rows = await database.query(
      `SELECT sum(idx_tup_read)::int AS read FROM pg_stat_user_indexes
       WHERE indexrelname IN ('message_sender_id_key', 'inbox_pkey')`,
    );
    // The many once, when they are reported as delivered.
    const read = Number(rows[0]?.['read']);
    assert.ok(read >= many && read < 2 * many, `${read} rows`);
  });

  it('shares a commit between those who write at the same time', async () => {
    const store = await open((await newDatabase()).url);
    const ana = await join(store, 'ana');
    const before = store.commits;
    await Promise.all(Array.from({ length: 200 }, () => store.append(ana.id, [draftTo('ana', 'x')], at)));
    assert.equal(store.commits - before, 1);
  });

  it('undoes one command that fails and nobody elses', async () => {
    const store = await open((await newDatabase()).url);
    const ana = await join(store, 'ana');
    const cursor = await store.head(ana.id);
    const good = (text: string) => store.append(ana.id, [draftTo('ana', text)], at);
    const halfBad = [draftTo('ana', 'undone'), draftTo('ana', null as unknown as string)];
    const outcomes = await Promise.allSettled([
      good('1'),
      good('2'),
      store.append(ana.id, halfBad, at),
      good('3'),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
    const { events } = await eventsAfter(store, ana.id, cursor);
    assert.deepEqual(
      events.map(({ data }) => [data.seq, data.text]),
      [
        [1, '1'],
        [2, '2'],
        [3, '3'],
      ],
    );
  });

  it('rejects a command that cannot be carried out however often it is tried, and holds up nobody else', async () => {
    const store = await open((await newDatabase()).url);
    const ana = await join(store, 'ana', 'token');
    const outcomes = await Promise.allSettled([
      store.append(ana.id, [draftTo('ana', '1')], at),
      store.signIn({ nick: 'bo', tokenHash: 'token', at }),
      store.append(ana.id, [draftTo('ana', '2')], at),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    const { reason } = outcomes[1] as PromiseRejectedResult;
    assert.ok(!(reason instanceof StorageHeld), 'waiting helps nothing');
    assert.equal(await store.personOfNick('bo'), undefined);
    assert.deepEqual(notices, []);
  });

  it('gives two nodes that write across each other positions and seqs without gaps, in the order of commits', async () => {
    const { url } = await newDatabase();
    const nodes = [await open(url), await open(url)] as const;
    const people = await Promise.all(['ana', 'bo', 'cy', 'di'].map((nick) => join(nodes[0], nick)));
    const start = await Promise.all(people.map(({ id }) => nodes[0].head(id)));
    const rounds = 25;
    let isOver = false;
    // A reader that never sees a later position before an earlier one.
    const seen: number[] = [];
    const reading = (async () => {
      for (let cursor = start[0]!; ;) {
        const wasOver = isOver;
        const { events, cursor: end } = await eventsAfter(nodes[1], people[0]!.id, cursor);
        seen.push(
          ...events.filter(({ kind }) => kind === 'inbox').map(({ id }) => parseEventId(id)!.position),
        );
        cursor = end;
        if (wasOver) return;
      }
    })();
    await Promise.all(
      nodes.flatMap((node, n) =>
        people.map(async (from, place) => {
          for (let round = 0; round < rounds; round += 1) {
            const others = [1, 2, 3].map((step) => people[(place + step) % 4]!.nick);
            const order = n === 0 ? others : others.toReversed();
            const { results } = await node.append(
              from.id,
              order.map((nick) => draftTo(nick, `${n} ${place} ${round}`)),
              at,
            );
            assert.ok(results.every(({ status }) => status === 'accepted'));
            await node.recordReceipts(from.id, { delivered: await node.head(from.id) }, at);
          }
        }),
      ),
    );
    isOver = true;
    await reading;
    const expected = 2 * rounds * 6;
    assert.equal(seen.length, expected, 'from and to each of three others, by two nodes');
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    for (const { id } of people) {
      const { conversations } = await nodes[0].snapshot(id);
      for (const { withId = '', with: nick, lastSeq } of conversations) {
        assert.equal(lastSeq, 4 * rounds);
        const { messages } = (await nodes[1].history(id, { with: nick, withId }, undefined, 1_000))!;
        assert.deepEqual(
          messages.map(({ seq }) => seq),
          Array.from({ length: lastSeq }, (_, index) => index + 1),
        );
      }
    }
  });

  it('takes a message once that reaches two nodes at once, and gives a nick to one', async () => {
    const { url } = await newDatabase();
    const nodes = [await open(url), await open(url)] as const;
    const ana = await join(nodes[0], 'ana');
    const cursor = await nodes[0].head(ana.id);
    for (let n = 0; n < 20; n += 1) {
      const draft = draftTo('ana', `${n}`);
      const answers = await Promise.all(nodes.map((node) => node.append(ana.id, [draft], at)));
      const statuses = answers.map(({ results }) => results[0]!.status).toSorted();
      assert.deepEqual(statuses, ['accepted', 'duplicate']);
      const attempts = nodes.map((node, which) =>
        node.signIn({ nick: `new${n}`, tokenHash: `${n} ${which}`, at }),
      );
      const kinds = (await Promise.all(attempts)).map(({ kind }) => kind).toSorted();
      assert.deepEqual(kinds, ['nick-taken', 'signed-in']);
    }
    assert.equal((await eventsAfter(nodes[1], ana.id, cursor)).events.length, 20);
  });

  it('loses and doubles nothing of what devices send again while connections are cut', async () => {
    const database = await newDatabase();
    const store = await open(database.url);
    const ana = await join(store, 'ana');
    const cursor = await store.head(ana.id);
    // Behind each fifteenth answer, whoever got it cuts all connections: of the others', too.
    let answered = 0;
    await Promise.all(
      Array.from({ length: 8 }, async (_, sender) => {
        for (let n = 0; n < 15; n += 1) {
          await sendUntilAnswered(store, ana.id, 'ana', `${sender} ${n}`);
          answered += 1;
          if (answered % 15 === 0) await cutAll(database);
        }
      }),
    );
    const { events } = await eventsAfter(await open(database.url), ana.id, cursor);
    assert.equal(new Set(events.map(({ data }) => data.text)).size, 120);
    assert.equal(events.length, 120);
  });

  it('does not call accepted what was committed when the answer to the commit was lost', async () => {
    const database = await newDatabase();
    const between = await loseAnswers(database.url, 'COMMIT');
    try {
      const store = await open(between.url);
      const ana = await join(store, 'ana');
      const draft = draftTo('ana', 'was it?');
      between.loseNext();
      await assert.rejects(store.append(ana.id, [draft], at), StorageHeld);
      const [again] = (await store.append(ana.id, [draft], at)).results;
      assert.equal(again!.status, 'duplicate', 'it was');
      assert.deepEqual(notices, ['away', 'accepting']);
      await store.close();
    } finally {
      await between.close();
    }
  });

  it('accepts nothing while the database refuses for a while, and comes back by itself', async () => {
    const database = await newDatabase();
    const store = await open(database.url);
    const ana = await join(store, 'ana');
    const send = () => store.append(ana.id, [draftTo('ana', 'x')], at);
    const kinds = [
      ['53100', StorageFull, 'full'],
      ['53200', StorageHeld, 'away'],
      ['57P03', StorageHeld, 'away'],
      ['58030', StorageHeld, 'away'],
      ['25006', StorageHeld, 'away'],
      ['55P03', StorageHeld, 'away'],
    ] as const;
    for (const [state, kind, notice] of kinds) {
      notices = [];
      await refuse(database, state, 2);
      await assert.rejects(send(), kind, state);
      await assert.rejects(send(), kind, state);
      assert.equal((await send()).results[0]!.status, 'accepted', state);
      assert.deepEqual(notices, [notice, 'accepting'], 'said once');
    }
    assert.equal((await store.snapshot(ana.id)).conversations[0]!.lastSeq, kinds.length);
  });

  it('tries again by itself what met another transaction', async () => {
    const database = await newDatabase();
    const store = await open(database.url);
    const ana = await join(store, 'ana');
    for (const state of ['40P01', '40001']) {
      await refuse(database, state, 2);
      const { results } = await store.append(ana.id, [draftTo('ana', state)], at);
      assert.equal(results[0]!.status, 'accepted');
    }
    assert.deepEqual(notices, []);
  });

  it('takes nothing from a database that only reads, and goes on when it is the primary again', async () => {
    const database = await newDatabase();
    const store = await open(database.url);
    const ana = await join(store, 'ana');
    const name = new URL(database.url).pathname.slice(1);
    await database.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await cutAll(database);
    for (let tries = 0; tries < 2; tries += 1) {
      await assert.rejects(store.append(ana.id, [draftTo('ana', 'x')], at), StorageHeld);
    }
    const writable = `ALTER DATABASE ${name} RESET default_transaction_read_only`;
    await database.query(`BEGIN READ WRITE; ${writable}; COMMIT`);
    await cutAll(database);
    assert.equal(await sendUntilAnswered(store, ana.id, 'ana', 'x'), 'accepted');
  });

  it('lets go of what is old, and keeps what was promised of it', async () => {
    const store = await open((await newDatabase()).url);
    const [ana, bo] = [await join(store, 'ana'), await join(store, 'bo')];
    const empty = await store.head(bo.id);
    const old = Array.from({ length: 600 }, (_, n) => draftTo('bo', `${n}`));
    await store.append(ana.id, old, minutesLater(-600));
    const upToDate = await store.head(bo.id);
    await store.append(ana.id, [draftTo('bo', 'kept')], at);
    const digest = (await store.stretch(bo.id, { with: 'ana' }, 601, 601))!.digest;
    const limits = { eventsBefore: minutesLater(-60), messagesBefore: minutesLater(-60) };
    assert.equal(await pruneAll(store, limits), 3 * 600, 'two inboxes, and the texts');
    assert.equal(await pruneAll(store, limits), 0);
    const reset = { kind: 'reset', reason: 'retention', head: await store.head(bo.id) };
    assert.deepEqual(await store.readInbox(bo.id, empty, 10), reset);
    const { events } = await eventsAfter(store, bo.id, upToDate);
    assert.deepEqual(
      events.map(({ data }) => data.text),
      ['kept'],
    );
    const [again, other] = (await store.append(ana.id, [old[7]!, { ...old[8]!, text: 'another' }], at))
      .results;
    assert.deepEqual([again!.status, other!.error?.code], ['duplicate', 'id_reused']);
    const { messages, more } = (await store.history(bo.id, { with: 'ana' }, undefined, 10))!;
    assert.deepEqual([messages.map(({ seq }) => seq), more], [[601], false]);
    assert.equal((await store.stretch(bo.id, { with: 'ana' }, 1, 601))!.digest, digest);
    // What a device received whose events had gone meanwhile is told all the same.
    await store.recordReceipts(bo.id, { delivered: await store.head(bo.id) }, at);
    assert.equal((await store.snapshot(ana.id)).conversations[0]!.theirs.delivered, 601);
  });

  it('answers a glance with heads, sessions that ended, and a number that grows with each discretion', async () => {
    const { url } = await newDatabase();
    const [here, there] = [await open(url), await open(url)];
    const [ana, bo] = [await join(here, 'ana', 'of ana'), await join(here, 'bo', 'of bo')];
    const ask = () => here.glance({ personIds: [ana.id, 'nobody'], tokenHashes: ['of ana', 'of bo'] });
    const before = await ask();
    assert.deepEqual(before, { heads: [[ana.id, 0]], ended: [], discretion: before.discretion });
    await there.append(bo.id, [draftTo('ana', 'news')], at);
    await there.signOut('of bo', at);
    const after = await ask();
    assert.deepEqual(after, { heads: [[ana.id, 1]], ended: ['of bo'], discretion: before.discretion });
    const numbers = [after.discretion];
    await there.setPeer(ana.id, { with: 'bo', withId: bo.id }, { blocked: true }, at);
    numbers.push((await ask()).discretion);
    await there.setPrivacy(ana.id, { presence: false });
    numbers.push((await ask()).discretion);
    await there.deletePerson(ana.id, at, at);
    numbers.push((await ask()).discretion);
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].toSorted((a, b) => a - b),
    );
  });

  it('refuses a database of a newer version or in another encoding, and says what to do', async () => {
    const database = await newDatabase();
    await (await open(database.url)).close();
    await database.query('UPDATE schema_version SET version = 1000');
    await assert.rejects(open(database.url), /newer version of OpenTalk/);
    const latin = await newDatabase("ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
    await assert.rejects(open(latin.url), /encoding is LATIN1, and it must be UTF8: createdb/);
    const gone = new URL(database.url);
    gone.pathname = '/opentalk_nowhere';
    await assert.rejects(open(gone.href), /does not let us in: .*opentalk_nowhere/);
    gone.port = '1';
    await assert.rejects(open(gone.href), /cannot be reached/);
  });

  it('makes its tables once though many nodes start at the same moment', async () => {
    const { url } = await newDatabase();
    const nodes = await Promise.all(Array.from({ length: 4 }, () => open(url)));
    assert.equal(new Set(nodes.map(({ epoch }) => epoch)).size, 1);
  });

  it('begins another life with data that came as a dump, and keeps its own', async () => {
    const database = await newDatabase();
    const store = await open(database.url);
    const ana = await join(store, 'ana');
    const cursor = await store.head(ana.id);
    await store.close();
    // As pg_restore does: the same rows in tables that are made anew.
    await database.query('CREATE TABLE restored (LIKE life INCLUDING ALL)');
    await database.query('INSERT INTO restored SELECT * FROM life');
    await database.query('DROP TABLE life');
    await database.query('ALTER TABLE restored RENAME TO life');
    const restored = await open(database.url);
    assert.notEqual(restored.epoch, store.epoch);
    const page = await restored.readInbox(ana.id, cursor, 10);
    assert.equal(page.kind === 'reset' && page.reason, 'epoch');
    assert.equal((await open(database.url)).epoch, restored.epoch);
  });

  it('ends when the data became another life while it had no connection', async () => {
    const database = await newDatabase();
    const fatal = Promise.withResolvers<Error>();
    const store = await open(database.url, fatal.resolve);
    const ana = await join(store, 'ana');
    await database.query("UPDATE life SET epoch = 'another'");
    await cutAll(database);
    // The first may only find that its connection is gone.
    for (let tries = 0; tries < 2; tries += 1) {
      await assert.rejects(store.append(ana.id, [draftTo('ana', 'x')], at));
    }
    assert.match((await fatal.promise).message, /another life/);
  });

  it('finishes what was asked before it closes, and takes nothing more', async () => {
    const { url } = await newDatabase();
    const store = await open(url);
    const ana = await join(store, 'ana');
    const asked = Array.from({ length: 50 }, () => store.append(ana.id, [draftTo('ana', 'x')], at));
    await Promise.all([store.close(), ...asked]);
    await assert.rejects(store.append(ana.id, [draftTo('ana', 'x')], at), /closed/);
    assert.equal((await (await open(url)).snapshot(ana.id)).conversations[0]!.lastSeq, 50);
  });
});
