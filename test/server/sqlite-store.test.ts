/** The SQLite store: the contract, and what only it can get wrong. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, it } from 'node:test';
import { migrate } from '../../server/store/sqlite-schema.ts';
import { DataFolderInUse, openSqliteStore, type SqliteStore } from '../../server/store/sqlite-store.ts';
import { addDevice } from '../support/add-device.ts';
import { changeFile } from '../support/change-data.ts';
import { describeEventStore } from './event-store-contract.ts';
import { at, draftTo, eventsAfter, join } from './store-contract/stage.ts';

const newFolder = () => mkdtempSync(path.join(tmpdir(), 'opentalk-store-'));
const removeFolder = (folder: string) => rmSync(folder, { recursive: true, force: true });

function failTheTest(error: Error): never {
  throw error;
}

describeEventStore('the SQLite store', async () => {
  const dataDir = newFolder();
  const store = await openSqliteStore({ dataDir, onFatal: failTheTest });
  return {
    store,
    addDevice: (personId, device) => addDevice(changeFile(dataDir), personId, device),
    async remove() {
      await store.close();
      removeFolder(dataDir);
    },
  };
});

describe('the SQLite store on its disk', () => {
  const folders: string[] = [];
  const open: SqliteStore[] = [];

  function folder(): string {
    const dataDir = newFolder();
    folders.push(dataDir);
    return dataDir;
  }

  async function openIn(dataDir: string): Promise<SqliteStore> {
    const store = await openSqliteStore({ dataDir, onFatal: failTheTest });
    open.push(store);
    return store;
  }

  afterEach(async () => {
    await Promise.all(open.splice(0).map((store) => store.close()));
    folders.splice(0).forEach(removeFolder);
  });

  it('has everything again after it was closed and opened', async () => {
    const dataDir = folder();
    const store = await openIn(dataDir);
    const ana = await join(store, 'ana');
    const cursor = await store.head(ana.id);
    await store.append(ana.id, [draftTo('ana', 'kept')], at);
    const before = await store.snapshot(ana.id);
    await store.close();
    const again = await openIn(dataDir);
    assert.equal(again.epoch, store.epoch);
    assert.deepEqual(await again.snapshot(ana.id), before);
    assert.equal((await eventsAfter(again, ana.id, cursor)).events.length, 1);
  });

  it('refuses a data folder that another server works on, and says which', async () => {
    const dataDir = folder();
    const store = await openIn(dataDir);
    await assert.rejects(openIn(dataDir), (error) => {
      assert.ok(error instanceof DataFolderInUse);
      assert.ok(error.message.includes(dataDir));
      return true;
    });
    await store.close();
    await openIn(dataDir);
  });

  it('refuses data of a newer version, and leaves it as it is', async () => {
    const dataDir = folder();
    const file = path.join(dataDir, 'opentalk.db');
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 1000');
    newer.close();
    await assert.rejects(openIn(dataDir), /newer version/);
    const after = new DatabaseSync(file, { readOnly: true });
    assert.equal(after.prepare('PRAGMA user_version').get()!['user_version'], 1000);
    assert.equal(after.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()!['tables'], 0);
    after.close();
  });

  it('gives the digests to messages that were accepted before there were any', async () => {
    const [dataDir, oldDir] = [folder(), folder()];
    const store = await openIn(dataDir);
    const [ana, bo] = [await join(store, 'ana'), await join(store, 'bo')];
    for (let n = 1; n <= 1_100; n += 100) {
      await store.append(
        ana.id,
        Array.from({ length: 100 }, (_, index) => draftTo(index % 3 === 0 ? 'ana' : 'bo', `${n + index}`)),
        at,
      );
    }
    const file = path.join(oldDir, 'opentalk.db');
    const old = new DatabaseSync(file);
    migrate(old, 1);
    old.exec(`ATTACH '${path.join(dataDir, 'opentalk.db')}' AS now`);
    const tables = old.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    for (const { name } of tables as { name: string }[]) {
      const columns = old.prepare(`SELECT name FROM pragma_table_info('${name}', 'main')`).all();
      const list = (columns as { name: string }[]).map((column) => column.name).join();
      old.exec(
        `DELETE FROM main.${name}; INSERT INTO main.${name} (${list}) SELECT ${list} FROM now.${name}`,
      );
    }
    old.close();
    const migrated = await openIn(oldDir);
    for (const [nick, length] of [
      ['ana', 374],
      ['bo', 726],
    ] as const) {
      const fresh = await store.stretch(ana.id, { with: nick }, 1, 1_100);
      assert.equal(fresh!.last, length);
      assert.deepEqual(await migrated.stretch(ana.id, { with: nick }, 1, 1_100), fresh);
      assert.deepEqual(
        await migrated.stretch(ana.id, { with: nick }, 7, 77),
        await store.stretch(ana.id, { with: nick }, 7, 77),
      );
    }
    const goesOn = draftTo('ana', 'and on it goes');
    for (const each of [store, migrated]) await each.append(bo.id, [goesOn], at);
    assert.deepEqual(
      await migrated.stretch(bo.id, { with: 'ana' }, 1, 727),
      await store.stretch(bo.id, { with: 'ana' }, 1, 727),
    );
  });

  it('shares a commit between those who write at the same time', async () => {
    const store = await openIn(folder());
    const ana = await join(store, 'ana');
    const before = store.commits;
    await Promise.all(Array.from({ length: 200 }, () => store.append(ana.id, [draftTo('ana', 'x')], at)));
    assert.equal(store.commits - before, 1, 'all that came before the thread was asked');
  });

  it('undoes one command that fails and nobody elses', async () => {
    const store = await openIn(folder());
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

  it('draws another epoch for other data, so that their cursors are told apart', async () => {
    const [one, other] = [await openIn(folder()), await openIn(folder())];
    const [ana, bo] = [await join(one, 'ana'), await join(other, 'bo')];
    const page = await other.readInbox(bo.id, await one.head(ana.id), 10);
    assert.deepEqual(page, { kind: 'reset', reason: 'epoch', head: await other.head(bo.id) });
  });

  it('tells a cursor from a future that a restored backup has lost, also when the inbox grew again', async () => {
    const dataDir = folder();
    const backup = folder();
    const store = await openIn(dataDir);
    const ana = await join(store, 'ana');
    await store.append(ana.id, [draftTo('ana', 'in the backup')], at);
    const kept = await store.head(ana.id);
    await store.close();
    cpSync(dataDir, backup, { recursive: true });
    const later = await openIn(dataDir);
    await later.append(ana.id, [draftTo('ana', 'lost')], at);
    const lost = await later.head(ana.id);

    const restored = await openIn(backup);
    const reasonOf = async (cursor: string) => {
      const page = await restored.readInbox(ana.id, cursor, 10);
      return page.kind === 'reset' ? page.reason : page.kind;
    };
    assert.deepEqual([await reasonOf(kept), await reasonOf(lost)], ['events', 'restored']);
    await restored.append(ana.id, [draftTo('ana', 'another future'), draftTo('ana', 'and on')], at);
    assert.deepEqual([await reasonOf(kept), await reasonOf(lost)], ['events', 'restored']);
  });

  it('acknowledges nothing more and reports it when its database is no database any more', async () => {
    const dataDir = folder();
    const fatal = Promise.withResolvers<Error>();
    const store = await openSqliteStore({ dataDir, onFatal: fatal.resolve });
    open.push(store);
    const ana = await join(store, 'ana');
    const file = path.join(dataDir, 'opentalk.db');
    const foreign = new DatabaseSync(file);
    foreign.exec('CREATE TABLE foreign_table (x); PRAGMA wal_checkpoint(TRUNCATE)');
    writeFileSync(file, Buffer.alloc(statSync(file).size, 'x'), { flag: 'r+' });
    const asked = Array.from({ length: 3 }, () => store.append(ana.id, [draftTo('ana', 'x')], at));
    const outcomes = await Promise.allSettled(asked);
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    assert.match((await fatal.promise).message, /malformed|not a database/);
    await assert.rejects(store.append(ana.id, [draftTo('ana', 'x')], at), /malformed|not a database/);
    foreign.close();
  });

  it('finishes what was asked before it closes, and takes nothing more', async () => {
    const dataDir = folder();
    const store = await openIn(dataDir);
    const ana = await join(store, 'ana');
    const asked = Array.from({ length: 50 }, () => store.append(ana.id, [draftTo('ana', 'x')], at));
    await Promise.all([store.close(), ...asked]);
    await assert.rejects(store.append(ana.id, [draftTo('ana', 'x')], at), /closed/);
    const again = await openIn(dataDir);
    assert.equal((await again.snapshot(ana.id)).conversations[0]!.lastSeq, 50);
  });

  it('has every message that it acknowledged before it was killed', async () => {
    for (const acknowledgedAtLeast of [1, 100, 500]) {
      const dataDir = folder();
      const acknowledged = await killUnderLoad(dataDir, acknowledgedAtLeast);
      const store = await openIn(dataDir);
      const [ana] = await store.people('ana', 1);
      const first = await store.snapshot(ana!.id);
      const { messages } = (await store.history(ana!.id, { with: 'ana' }, undefined, 1_000_000))!;
      const stored = new Set(messages.map(({ id }) => id));
      assert.deepEqual(
        acknowledged.filter((id) => !stored.has(id)),
        [],
      );
      assert.equal(first.conversations[0]!.lastSeq, messages.length, 'no gap in the seqs');
      await store.close();
    }
  });
});

/** Runs a store in a process of its own, with 16 senders at once, and kills it in the middle; the ids acknowledged. */
async function killUnderLoad(dataDir: string, afterAtLeast: number): Promise<string[]> {
  const load = path.join(import.meta.dirname, 'store-under-load.ts');
  const child = spawn(process.execPath, [load, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let said = '';
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout) {
    said += chunk as string;
    if (said.split('\n').length > afterAtLeast) child.kill('SIGKILL');
  }
  const [, signal] = (await exited) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL');
  // What follows the last line break is half a line.
  return said.split('\n').slice(0, -1);
}
