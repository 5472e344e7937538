/** `npm run backup -- FILE`, as a process beside a server that is really running. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { takeBackup } from '../../server/store/sqlite-backup.ts';
import { CannotCopy } from '../../server/store/sqlite-copy.ts';
import { openSqliteStore } from '../../server/store/sqlite-store.ts';
import { begin, run, smallDisk } from './copies/command.ts';
import { epochOf, soundMessages } from './copies/contents.ts';
import { at, draftTo, join } from './store-contract/stage.ts';

const load = path.join(import.meta.dirname, 'store-under-load.ts');

let folder: string;
let dataDir: string;
let backups: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'opentalk-backup-'));
  [dataDir, backups] = [path.join(folder, 'data'), path.join(folder, 'backups')];
  for (const each of [dataDir, backups]) mkdirSync(each);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileFor = (name: string) => path.join(backups, name);

async function fill(messages: number, text = 'x'): Promise<void> {
  const store = await openSqliteStore({
    dataDir,
    onFatal(error) {
      throw error;
    },
  });
  const ana = await join(store, 'ana');
  const drafts = Array.from({ length: messages }, () => draftTo('ana', text));
  await store.append(ana.id, drafts, at);
  await store.close();
}

describe('a backup', () => {
  it('of a running server has all that was acknowledged before it began, and nothing of it in part', async (t) => {
    const server = spawn(process.execPath, [load, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => server.kill('SIGKILL'));
    const acknowledged: string[] = [];
    let rest = '';
    server.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop()!;
      acknowledged.push(...lines);
    });
    const acknowledgedAtLeast = async (count: number) => {
      while (acknowledged.length < count) await once(server.stdout, 'data');
    };
    await acknowledgedAtLeast(100);
    for (let round = 1; round <= 3; round += 1) {
      const file = fileFor(`${round}.db`);
      const before = acknowledged.slice();
      const { code, out, err } = await run('backup', { dataDir }, file);
      assert.equal(code, 0, err);
      const during = acknowledged.length - before.length;
      assert.ok(during > 0, 'sending went on meanwhile');
      const there = soundMessages(file);
      assert.deepEqual(
        before.filter((id) => !there.has(id)),
        [],
      );
      assert.ok(out.includes(file) && out.includes(`${there.size} messages`), out);
      await acknowledgedAtLeast(acknowledged.length + 100);
    }
    server.kill('SIGKILL');
    await once(server, 'exit');
    assert.deepEqual(readdirSync(backups), ['1.db', '2.db', '3.db'], 'and nothing beside them');

    // The log of a server that was killed belongs to its data.
    const { code } = await run('backup', { dataDir }, fileFor('killed.db'));
    const there = soundMessages(fileFor('killed.db'));
    assert.deepEqual([code, acknowledged.filter((id) => !there.has(id))], [0, []]);
  });

  it('of a server that is not running is one file, for its owner only', async () => {
    await fill(3);
    takeBackup(dataDir, fileFor('a.db'));
    assert.equal(soundMessages(fileFor('a.db')).size, 3);
    assert.equal(epochOf(fileFor('a.db')), epochOf(path.join(dataDir, 'opentalk.db')));
    assert.deepEqual(readdirSync(backups), ['a.db']);
    if (process.platform !== 'win32') {
      const { mode } = statSync(fileFor('a.db'));
      assert.equal(mode & 0o777, 0o600);
    }
  });

  it('takes nothing along that was deleted', async () => {
    await fill(50, 'a text that was taken back');
    const db = new DatabaseSync(path.join(dataDir, 'opentalk.db'), {
      enableForeignKeyConstraints: false,
    });
    db.exec('PRAGMA secure_delete = OFF; DELETE FROM message');
    db.close();
    takeBackup(dataDir, fileFor('a.db'));
    assert.ok(!readFileSync(fileFor('a.db')).includes('taken back'));
  });

  it('is whole or not there when it is killed at any moment', async () => {
    await fill(1_000, 'x'.repeat(4_000));
    for (const afterMs of [0, 10, 40]) {
      const file = fileFor(`${afterMs}.db`);
      const child = begin('backup', { dataDir }, file);
      const ended = once(child, 'exit');
      // It has begun to write when there is something beside the file.
      while (child.exitCode === null && readdirSync(backups).every((name) => !name.startsWith(`${afterMs}.`)))
        await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill('SIGKILL');
      await ended;
      if (existsSync(file)) assert.equal(soundMessages(file).size, 1_000);
      const besides = readdirSync(backups).filter(
        (name) => name.startsWith(`${afterMs}.`) && name !== `${afterMs}.db`,
      );
      assert.ok(
        besides.every((name) => /\.partial(-journal|-wal|-shm)?$/.test(name)),
        besides.join(),
      );
    }
  });

  describe('says why, and changes nothing,', () => {
    const refused = (expected: RegExp, file: string) => {
      const before = readdirSync(backups);
      assert.throws(
        () => takeBackup(dataDir, file),
        (error) => {
          assert.ok(error instanceof CannotCopy, String(error));
          assert.match(error.message, expected);
          assert.ok(!error.message.includes('\n'), 'one sentence');
          return true;
        },
      );
      assert.deepEqual(readdirSync(backups), before);
    };

    it('when no file is named, or more than one: in one line, with 1 for whoever called', async () => {
      for (const files of [[], [fileFor('a.db'), fileFor('b.db')]]) {
        const { code, out, err } = await run('backup', { dataDir }, ...files);
        assert.deepEqual(
          [code, out, err],
          [1, '', 'The backup was not done. Say which file: npm run backup -- FILE\n'],
        );
      }
    });

    it('when the file exists', async () => {
      await fill(1);
      writeFileSync(fileFor('a.db'), 'dear');
      refused(/a\.db exists already/, fileFor('a.db'));
      assert.equal(readFileSync(fileFor('a.db'), 'utf8'), 'dear');
    });

    it('when there is no data, or no folder for the backup', async () => {
      refused(/There is no data in .*DATA_DIR/, fileFor('a.db'));
      await fill(1);
      refused(/There is no folder .*nowhere/, path.join(backups, 'nowhere', 'a.db'));
    });

    it('when the data is no database, not of OpenTalk, or damaged', async () => {
      const file = path.join(dataDir, 'opentalk.db');
      writeFileSync(file, 'x'.repeat(4_096));
      refused(/is not a database/, fileFor('a.db'));
      rmSync(file);
      const other = new DatabaseSync(file);
      other.exec('CREATE TABLE x (y); PRAGMA user_version = 1');
      other.close();
      refused(/holds no data of OpenTalk/, fileFor('a.db'));
      rmSync(file);
      await fill(500, 'x'.repeat(500));
      const bytes = readFileSync(file);
      bytes.fill(0xff, 20 * 4_096, 60 * 4_096);
      writeFileSync(file, bytes);
      refused(/is damaged/, fileFor('a.db'));
    });

    it('when there is no room', async (t) => {
      const disk = smallDisk(backups, 64 * 1024);
      if (!disk) return t.skip('a small disk can be mounted by root on Linux only');
      try {
        await fill(500, 'x'.repeat(500));
        refused(/There is no room left in .*backups/, fileFor('a.db'));
      } finally {
        disk.remove();
      }
    });

    it('when it may not write there', async (t) => {
      const isRoot = process.getuid?.() === 0;
      if (process.platform === 'win32') return t.skip('Windows knows no such permissions');
      await fill(1);
      chmodSync(folder, 0o755);
      chmodSync(dataDir, 0o777);
      chmodSync(backups, 0o555);
      // Root may write everywhere.
      const around = { dataDir, ...(isRoot ? { uid: 65_534 } : {}) };
      const { code, err } = await run('backup', around, fileFor('a.db'));
      assert.deepEqual([code, readdirSync(backups)], [1, []]);
      assert.match(err, /Nothing can be written in .*backups: permission is denied/);
    });
  });
});
