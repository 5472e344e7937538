/** Data of every earlier schema comes up to date whole, or stays what it was when the server is killed on the way. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { digestOfAll } from '../../server/protocol/digest.ts';
import { migrate, readEpoch } from '../../server/store/sqlite-schema.ts';
import { openSqliteStore } from '../../server/store/sqlite-store.ts';
import { at, eventsAfter } from './store-contract/stage.ts';

const messages = 40;
const killsPerSchema = 8;
const program = path.join(import.meta.dirname, 'copies', 'migrate-and-die.ts');
const latest = versionOf((db) => migrate(db));
const earlier = Array.from({ length: latest - 1 }, (_, index) => index + 1);

function versionOf(make: (db: DatabaseSync) => void): number {
  const db = new DatabaseSync(':memory:');
  make(db);
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  db.close();
  return version;
}

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'opentalk-migrations-'));
  file = path.join(folder, 'opentalk.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const tag = (n: number) => n.toString(16).padStart(12, '0');

/** Data as the server of that schema had it: what was put in by the first one, and brought along since. */
function makeOld(version: number): void {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL');
  migrate(db, 1);
  db.exec(`
    INSERT INTO person (n, id, nick, lower_nick, skeleton, first_tag, head, delivered_to) VALUES
      (1, 'ana-id', 'ana', 'ana', 'ana', '${tag(0)}', ${messages + 1}, ${messages}),
      (2, 'bo-id', 'bo', 'bo', 'bo', '${tag(0)}', ${messages}, 0);
    INSERT INTO session (token_hash, person, began_at) VALUES ('token', 1, '${at}');
    INSERT INTO conversation (n, a, b, last_seq) VALUES (1, 1, 2, ${messages});
    INSERT INTO progress (conversation, person, delivered, read, told_peer) VALUES (1, 2, 7, 5, ${messages + 1});`);
  const add = db.prepare('INSERT INTO message VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)');
  const put = db.prepare('INSERT INTO inbox VALUES (?, ?, ?, ?, ?)');
  for (let seq = 1; seq <= messages; seq += 1) {
    const [from, to] = seq % 2 ? [1, 2] : [2, 1];
    add.run(seq, seq, from, to, uuid(seq), `${seq} said ${'x'.repeat(seq * 50)}`, at, at);
    for (const person of [1, 2]) put.run(person, seq, tag(seq), seq, null);
  }
  const receipt = { with: 'bo', withId: 'bo-id', by: 'bo', byId: 'bo-id', delivered: 7, read: 5, at };
  put.run(1, messages + 1, tag(messages + 1), null, JSON.stringify(receipt));
  migrate(db, version);
  db.close();
}

/** Every row of every table, and how the tables were made. */
function everything(): Record<string, unknown> {
  const db = new DatabaseSync(file, { readOnly: true });
  const schema = db.prepare('SELECT name, type, sql FROM sqlite_schema ORDER BY name').all();
  const tables = schema.filter(({ type }) => type === 'table').map(({ name }) => String(name));
  const all = {
    version: db.prepare('PRAGMA user_version').get(),
    check: db.prepare('PRAGMA integrity_check').get(),
    schema,
    rows: tables.map((name) => db.prepare(`SELECT * FROM ${name}`).all()),
  };
  db.close();
  return all;
}

function epoch(): string {
  const db = new DatabaseSync(file, { readOnly: true });
  const found = readEpoch(db);
  db.close();
  return found;
}

async function judgeWhole(): Promise<void> {
  const before = epoch();
  const store = await openSqliteStore({
    dataDir: folder,
    onFatal(error) {
      throw error;
    },
  });
  try {
    assert.equal(store.epoch, before, 'the same life: no device begins anew');
    const { messages: history } = (await store.history('ana-id', { with: 'bo' }, undefined, 1_000))!;
    assert.deepEqual(
      history.map(({ seq, id, text }) => [seq, id, text.split(' ')[0]]),
      Array.from({ length: messages }, (_, n) => [n + 1, uuid(n + 1), `${n + 1}`]),
    );
    const { events } = await eventsAfter(store, 'ana-id', `${before}.0.${tag(0)}`);
    assert.equal(events.length, messages + 1);
    assert.equal(events.at(-1)!.kind, 'receipt');
    const [conversation] = (await store.snapshot('ana-id')).conversations;
    assert.deepEqual([conversation!.lastSeq, conversation!.theirs], [messages, { delivered: 7, read: 5 }]);
    const stretch = await store.stretch('ana-id', { with: 'bo' }, 1, messages);
    assert.equal(stretch!.digest, digestOfAll(history));
    assert.equal((await store.personOfSession('token'))?.id, 'ana-id');
    const [known, next] = (
      await store.append(
        'ana-id',
        [history[0]!, { id: uuid(1_000), to: 'bo', text: 'and on', composedAt: at }],
        at,
      )
    ).results;
    assert.deepEqual([known!.status, next!.message?.seq], ['duplicate', messages + 1]);
  } finally {
    await store.close();
  }
}

describe('data of an earlier schema', () => {
  for (const version of earlier) {
    it(`${version} is all there after it was brought to ${latest}, in the same life`, async () => {
      makeOld(version);
      await judgeWhole();
    });

    it(`${version} is as it was when the server was killed on the way, and the next start succeeds`, async (t) => {
      makeOld(version);
      const before = everything();
      const steps = countSteps(version);
      const kills = Array.from({ length: killsPerSchema }, (_, n) =>
        Math.round(1 + (n * (steps - 1)) / (killsPerSchema - 1)),
      );
      for (const kill of new Set(kills)) {
        const { signal } = spawnSync(process.execPath, [program, file, String(kill)]);
        assert.equal(signal, 'SIGKILL', `at ${kill} of ${steps}`);
        assert.deepEqual(everything(), before, `at ${kill} of ${steps}`);
      }
      t.diagnostic(`${new Set(kills).size} kills among ${steps} steps`);
      await judgeWhole();
    });
  }

  /** How many steps it takes, tried on data of its own. */
  function countSteps(version: number): number {
    const [mine, dir] = [file, mkdtempSync(path.join(tmpdir(), 'opentalk-migrations-'))];
    file = path.join(dir, 'opentalk.db');
    makeOld(version);
    const { stdout, status, stderr } = spawnSync(process.execPath, [program, file, '0']);
    assert.equal(status, 0, String(stderr));
    file = mine;
    rmSync(dir, { recursive: true });
    return Number(String(stdout));
  }
});

describe('a folder without data', () => {
  it('has none when the server was killed while it made the tables, and the next start makes them', async () => {
    for (const kill of [5, 30, 60]) {
      const { signal } = spawnSync(process.execPath, [program, file, String(kill)]);
      assert.equal(signal, 'SIGKILL');
      assert.deepEqual((everything()['schema'] as unknown[]).length, 0);
    }
    const store = await openSqliteStore({
      dataDir: folder,
      onFatal(error) {
        throw error;
      },
    });
    assert.deepEqual(await store.people(undefined, 1), []);
    await store.close();
  });
});
