/** `npm run restore -- FILE`: a backup comes back as another life of the data, and nothing that was there is lost. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { takeBackup } from '../../server/store/sqlite-backup.ts';
import { CannotCopy } from '../../server/store/sqlite-copy.ts';
import { restoreBackup } from '../../server/store/sqlite-restore.ts';
import { openSqliteStore, type SqliteStore } from '../../server/store/sqlite-store.ts';
import { run, smallDisk } from './copies/command.ts';
import { epochOf, fingerprint, soundMessages } from './copies/contents.ts';
import { at, draftTo, join } from './store-contract/stage.ts';

const load = path.join(import.meta.dirname, 'store-under-load.ts');
const now = new Date('2026-11-24T17:00:00.000Z');

let folder: string;
let dataDir: string;
let data: string;
let backup: string;
const open: SqliteStore[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'opentalk-restore-'));
  dataDir = path.join(folder, 'data');
  mkdirSync(dataDir);
  data = path.join(dataDir, 'opentalk.db');
  backup = path.join(folder, 'backup.db');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function openStore(): Promise<SqliteStore> {
  const store = await openSqliteStore({
    dataDir,
    onFatal(error) {
      throw error;
    },
  });
  open.push(store);
  return store;
}

/** Ana has said something to herself: once before the backup, once after it. Answers her cursors of both moments. */
async function backUpAndGoOn() {
  const store = await openStore();
  const ana = await join(store, 'ana');
  await store.append(ana.id, [draftTo('ana', 'in the backup')], at);
  const cursors = [await store.head(ana.id)];
  takeBackup(dataDir, backup);
  await store.append(ana.id, [draftTo('ana', 'after it')], at);
  cursors.push(await store.head(ana.id));
  const after = await store.snapshot(ana.id);
  await store.close();
  return { ana, cursors, after };
}

describe('a restore', () => {
  it('begins another life with what was in the backup: every cursor of the earlier one is told so', async () => {
    const { ana, cursors } = await backUpAndGoOn();
    const { code, out, err } = await run('restore', { dataDir }, backup);
    assert.equal(code, 0, err);
    assert.match(out, /opentalk\.db is what .*backup\.db was: 1 people, 1 messages/);
    const store = await openStore();
    assert.notEqual(store.epoch, epochOf(backup));
    const head = await store.head(ana.id);
    for (const cursor of cursors) {
      assert.deepEqual(await store.readInbox(ana.id, cursor, 10), { kind: 'reset', reason: 'epoch', head });
    }
    const { messages } = (await store.history(ana.id, { with: 'ana' }, undefined, 10))!;
    assert.deepEqual(
      messages.map(({ text }) => text),
      ['in the backup'],
    );
    assert.equal((await store.personOfSession('token of ana'))?.id, ana.id, 'sessions are in a backup');
  });

  it('begins another life each time, also from the same backup', async () => {
    await backUpAndGoOn();
    const epochs = [0, 1].map((ms) => {
      restoreBackup(dataDir, backup, new Date(now.getTime() + ms));
      return epochOf(data);
    });
    assert.equal(new Set([...epochs, epochOf(backup)]).size, 3);
  });

  it('keeps the data that it replaces under a dated name, which can be put back in turn', async () => {
    const { ana, after } = await backUpAndGoOn();
    const { kept } = restoreBackup(dataDir, backup, now);
    assert.equal(path.basename(kept!), 'opentalk.replaced-2026-11-24T17-00-00-000Z.db');
    assert.equal(soundMessages(kept!).size, 2);
    restoreBackup(dataDir, kept!, new Date());
    const store = await openStore();
    assert.deepEqual((await store.snapshot(ana.id)).conversations, after.conversations);
  });

  it('also keeps what a server that was killed had in its log', async () => {
    await backUpAndGoOn();
    rmSync(data);
    const server = spawn(process.execPath, [load, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    for await (const chunk of server.stdout) {
      said += String(chunk);
      if (said.split('\n').length > 200) server.kill('SIGKILL');
    }
    if (server.signalCode === null) await once(server, 'exit');
    assert.ok(existsSync(`${data}-wal`));
    const { kept } = restoreBackup(dataDir, backup, now);
    const there = soundMessages(kept!);
    const acknowledged = said.split('\n').slice(0, -1);
    assert.deepEqual(
      acknowledged.filter((id) => !there.has(id)),
      [],
    );
    assert.equal(soundMessages(data).size, 1, 'and nothing of that log gets into the backup');
  });

  it('takes the place of data that is damaged, which it keeps as it is', async () => {
    await backUpAndGoOn();
    writeFileSync(data, 'x'.repeat(8_192));
    writeFileSync(`${data}-wal`, 'y'.repeat(4_096));
    const { kept } = restoreBackup(dataDir, backup, now);
    assert.deepEqual(
      [kept!, `${kept!}-wal`].map((file) => readFileSync(file, 'utf8')[0]),
      ['x', 'y'],
    );
    assert.equal(soundMessages(data).size, 1);
    assert.ok(!existsSync(`${data}-wal`));
  });

  it('fills a folder that has no data, or does not exist', async () => {
    await backUpAndGoOn();
    const elsewhere = path.join(folder, 'another', 'place');
    assert.equal(restoreBackup(elsewhere, backup, now).kept, undefined);
    assert.equal(soundMessages(path.join(elsewhere, 'opentalk.db')).size, 1);
  });

  it('takes a folder that was copied together with its log for a backup too', async () => {
    const store = await openStore();
    const ana = await join(store, 'ana');
    await store.append(ana.id, [draftTo('ana', 'in the log only')], at);
    cpSync(dataDir, path.join(folder, 'copied'), { recursive: true });
    await store.close();
    assert.ok(existsSync(path.join(folder, 'copied', 'opentalk.db-wal')));
    restoreBackup(dataDir, path.join(folder, 'copied', 'opentalk.db'), now);
    assert.equal(soundMessages(data).size, 1);
  });

  it('is taken up by the next one when it was ended half-way', async () => {
    await backUpAndGoOn();
    writeFileSync(`${data}.restoring`, 'half');
    writeFileSync(`${data}.restoring-journal`, 'half');
    restoreBackup(dataDir, backup, now);
    assert.equal(soundMessages(data).size, 1);
    assert.deepEqual(
      Object.keys(fingerprint(dataDir)).filter((name) => name.includes('restoring')),
      [],
    );
  });

  describe('says why, and changes nothing,', () => {
    const refused = (expected: RegExp, from = backup) => {
      const { 'lock.db': _, ...before } = fingerprint(dataDir);
      assert.throws(
        () => restoreBackup(dataDir, from, now),
        (error) => {
          assert.ok(error instanceof CannotCopy, String(error));
          assert.match(error.message, expected);
          assert.ok(!error.message.includes('\n'), 'one sentence');
          return true;
        },
      );
      const { 'lock.db': __, ...after } = fingerprint(dataDir);
      assert.deepEqual(after, before);
    };

    it('when no file is named: in one line, with 1 for whoever called', async () => {
      const { code, out, err } = await run('restore', { dataDir });
      assert.deepEqual(
        [code, out, err],
        [1, '', 'The restore was not done. Say which file: npm run restore -- FILE\n'],
      );
    });

    it('while a server runs on the folder', async () => {
      await backUpAndGoOn();
      const store = await openStore();
      refused(/A server is running on .*data; end it first/);
      await store.close();
      restoreBackup(dataDir, backup, now);
    });

    it('while another program has the data open', async () => {
      await backUpAndGoOn();
      const foreign = new DatabaseSync(data);
      foreign.exec("BEGIN; UPDATE person SET last_seen = 'now'; COMMIT; BEGIN");
      foreign.prepare('SELECT * FROM person').all();
      const epoch = epochOf(data);
      assert.throws(() => restoreBackup(dataDir, backup, now), /Another program has .*opentalk\.db open/);
      assert.deepEqual([epochOf(data), soundMessages(data).size], [epoch, 2]);
      foreign.close();
      restoreBackup(dataDir, backup, now);
    });

    it('when the file is missing, a folder, no database, or not of OpenTalk', async () => {
      await backUpAndGoOn();
      refused(/There is no file .*missing\.db/, path.join(folder, 'missing.db'));
      refused(/is not a file/, folder);
      const strange = path.join(folder, 'strange.db');
      writeFileSync(strange, 'x'.repeat(4_096));
      refused(/strange\.db is not a database/, strange);
      writeFileSync(strange, '');
      refused(/strange\.db holds no data of OpenTalk/, strange);
      const other = new DatabaseSync(strange);
      other.exec('CREATE TABLE x (y); PRAGMA user_version = 77');
      other.close();
      refused(/strange\.db holds no data of OpenTalk/, strange);
    });

    it('when the backup is of a newer version, or damaged', async () => {
      await backUpAndGoOn();
      const whole = readFileSync(backup);
      const newer = new DatabaseSync(backup);
      newer.exec('PRAGMA user_version = 1000');
      newer.close();
      refused(/backup\.db was made by a newer version/);
      whole.fill(0xff, 3 * 4_096, 8 * 4_096);
      writeFileSync(backup, whole);
      refused(/backup\.db is damaged/);
    });

    it('when there is no room', async (t) => {
      const store = await openStore();
      const ana = await join(store, 'ana');
      const long = Array.from({ length: 300 }, () => draftTo('ana', 'x'.repeat(500)));
      await store.append(ana.id, long, at);
      await store.close();
      takeBackup(dataDir, backup);
      rmSync(dataDir, { recursive: true });
      mkdirSync(dataDir);
      const disk = smallDisk(dataDir, 64 * 1024);
      if (!disk) return t.skip('a small disk can be mounted by root on Linux only');
      try {
        refused(/There is no room left in .*data/);
      } finally {
        disk.remove();
      }
    });
  });
});
