/** An installation moves from the one kind of store to the other, and back, and no device notices. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { pruneAll } from '../../server/inbox/retention.ts';
import type { EventStore, StoredPerson } from '../../server/store/event-store.ts';
import { openPostgresStore } from '../../server/store/postgres-store.ts';
import { openSqliteStore } from '../../server/store/sqlite-store.ts';
import { tables } from '../../server/store/whole-store.ts';
import { createDatabase, withoutPostgres, type TestDatabase } from '../support/postgres.ts';
import { run } from './copies/command.ts';
import { at, draftTo, eventsAfter, join, minutesLater } from './store-contract/stage.ts';

const onFatal = (error: Error) => {
  throw error;
};

describe('an installation that moves', { skip: withoutPostgres }, () => {
  const folders: string[] = [];
  let database: TestDatabase;
  let first: string;
  let ana: StoredPerson;
  let bo: StoredPerson;
  const drafts = Array.from({ length: 1_500 }, (_, n) => draftTo('bo', `${n} "quoted" \\ 👋🏽\n`));
  /** What devices have for cursors, and what came after each of them. */
  const cursors: { personId: string; cursor: string; later: string[] }[] = [];

  function folder(): string {
    const made = mkdtempSync(path.join(tmpdir(), 'opentalk-move-'));
    folders.push(made);
    return made;
  }

  /** A life with all that there is: messages, receipts, a block, a report, the deleted, what retention took. */
  async function live(store: EventStore): Promise<void> {
    ana = await join(store, 'ana');
    bo = await join(store, 'bo');
    const cy = await join(store, 'cy');
    await store.append(ana.id, [draftTo('bo', 'of long ago'), draftTo('bo', 'kept')], minutesLater(-600));
    await store.append(cy.id, [draftTo('ana', 'from cy'), draftTo('bo', 'reported')], at);
    await pruneAll(store, { messagesBefore: minutesLater(-500), eventsBefore: minutesLater(-500) });
    for (let n = 0; n < drafts.length; n += 100) {
      cursors.push({ personId: bo.id, cursor: await store.head(bo.id), later: [] });
      await store.append(ana.id, drafts.slice(n, n + 100), at);
      await store.recordReceipts(bo.id, { delivered: await store.head(bo.id) }, at);
    }
    await store.recordReceipts(bo.id, { read: [{ with: 'ana', upTo: 77 }] }, at);
    await store.setPeer(ana.id, { with: 'cy' }, { blocked: true }, at);
    await store.setPrivacy(bo.id, { presence: false });
    await store.addReport(bo.id, { with: 'cy', reason: 'spam' }, at);
    await store.deletePerson(cy.id, at, minutesLater(1_000));
    while ((await store.erase(at)).more);
    cursors.push({ personId: ana.id, cursor: await store.head(ana.id), later: [] });
  }

  const later = async (store: EventStore, { personId, cursor }: { personId: string; cursor: string }) =>
    (await eventsAfter(store, personId, cursor)).events.map(({ id, kind, data }) =>
      JSON.stringify([id, kind, data]),
    );

  function everything(dataDir: string): Record<string, unknown> {
    const db = new DatabaseSync(path.join(dataDir, 'opentalk.db'), { readOnly: true });
    const found = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    const names = found.map(({ name }) => String(name));
    const rows = names.map((name) => [name, db.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all()]);
    db.close();
    return Object.fromEntries(rows) as Record<string, unknown>;
  }

  before(async () => {
    database = await createDatabase();
    first = folder();
    const store = await openSqliteStore({ dataDir: first, onFatal });
    await live(store);
    for (const each of cursors) each.later = await later(store, each);
    await store.close();
  });
  after(async () => {
    await database.drop();
    for (const each of folders) rmSync(each, { recursive: true });
  });

  it('is refused while a server runs on the folder, and from a folder without data', async () => {
    const store = await openSqliteStore({ dataDir: first, onFatal });
    const around = { dataDir: first, databaseUrl: database.url };
    assert.match((await run('migrate', around, '--to', 'postgres')).err, /A server is running on/);
    await store.close();
    const empty = { ...around, dataDir: path.join(folder(), 'none') };
    assert.match((await run('migrate', empty, '--to', 'postgres')).err, /There is no data in/);
    assert.match((await run('migrate', around)).err, /Say where to/);
    assert.match((await run('migrate', { dataDir: first }, '--to', 'postgres')).err, /DATABASE_URL must say/);
  });

  it('has the same epoch, positions and tags in PostgreSQL: every cursor goes on where it was', async () => {
    const { code, out, err } = await run(
      'migrate',
      { dataDir: first, databaseUrl: database.url },
      '--to',
      'postgres',
    );
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /message: 1504\n/);
    assert.match(out, /the digests of 3 conversations agree with their texts/);
    const store = await openPostgresStore({ url: database.url, onFatal });
    try {
      for (const each of cursors) assert.deepEqual(await later(store, each), each.later);
      assert.equal((await store.append(ana.id, drafts.slice(0, 3), at)).results[2]!.status, 'duplicate');
      assert.equal((await store.personOfSession('token of ana'))?.id, ana.id);
      assert.deepEqual((await store.discretion()).withoutPresence, [bo.id]);
    } finally {
      await store.close();
    }
  });

  it('leaves out no table', () => {
    const db = new DatabaseSync(path.join(first, 'opentalk.db'), { readOnly: true });
    const all = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    db.close();
    assert.deepEqual(
      all.map(({ name }) => name),
      ['life', ...tables.map(({ name }) => name)].toSorted(),
    );
  });

  it('is refused into a database that has people, and while a node runs on it', async () => {
    const around = { dataDir: first, databaseUrl: database.url };
    assert.match((await run('migrate', around, '--to', 'postgres')).err, /There are people in the database/);
    const store = await openPostgresStore({ url: database.url, onFatal });
    const back = { ...around, dataDir: folder() };
    assert.match((await run('migrate', back, '--to', 'sqlite')).err, /A server is running on the database/);
    await store.close();
  });

  it('comes back with every row of every table as it was, and goes on from there', async () => {
    const back = folder();
    const { code, err } = await run(
      'migrate',
      { dataDir: back, databaseUrl: database.url },
      '--to',
      'sqlite',
    );
    assert.deepEqual([code, err], [0, '']);
    assert.deepEqual(everything(back), everything(first));
    const store = await openSqliteStore({ dataDir: back, onFatal });
    for (const each of cursors) assert.deepEqual(await later(store, each), each.later);
    const [next] = (await store.append(ana.id, [draftTo('bo', 'and on')], at)).results;
    assert.equal(next!.message!.seq, drafts.length + 3);
    await store.close();
  });

  it('goes on in PostgreSQL with numbers behind all that came along', async () => {
    const store = await openPostgresStore({ url: database.url, onFatal });
    const [next] = (await store.append(ana.id, [draftTo('bo', 'and on')], at)).results;
    assert.equal(next!.message!.seq, drafts.length + 3);
    const di = await join(store, 'di');
    assert.equal((await store.append(di.id, [draftTo('bo', 'hello')], at)).results[0]!.status, 'accepted');
    await store.close();
  });
});
