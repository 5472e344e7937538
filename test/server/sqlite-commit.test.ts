/** The group commit: who fails with whom, and what a broken disk must end. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { commitTogether } from '../../server/store/sqlite-commit.ts';

describe('a commit of several commands', () => {
  const command = (name: string) => ({ name, parameters: [] });

  function smallDatabase() {
    const db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE word (word TEXT UNIQUE)');
    const words = () =>
      db
        .prepare('SELECT word FROM word')
        .all()
        .map(({ word }) => word);
    const add = db.prepare('INSERT INTO word VALUES (?)');
    return { db, words, add };
  }

  it('rejects all of them as StorageFull would, and keeps nothing, when the disk is full', () => {
    const { db, words } = smallDatabase();
    db.exec('PRAGMA max_page_count = 10');
    const big = db.prepare('INSERT INTO word VALUES (randomblob(?))');
    const run = ({ name }: { name: string }) => big.run(name === 'big' ? 100_000 : 10);
    const answers = commitTogether(db, run, ['small', 'big', 'small'].map(command));
    assert.ok(answers.every((answer) => 'fault' in answer && answer.fault.kind === 'full'));
    assert.deepEqual(words(), []);
    assert.ok('value' in commitTogether(db, run, [command('small')])[0]!, 'it goes on when there is room');
  });

  it('says that it may be tried again when another program holds the database for too long', () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-commit-'));
    const [db, foreign] = [1, 2].map(() => new DatabaseSync(path.join(dataDir, 'x.db'), { timeout: 0 }));
    foreign!.exec('BEGIN IMMEDIATE');
    const [answer] = commitTogether(db!, () => 'done', [command('any')]);
    assert.ok(answer && 'fault' in answer && answer.fault.kind === 'held');
    foreign!.exec('ROLLBACK');
    assert.deepEqual(
      commitTogether(db!, () => 'done', [command('any')]),
      [{ value: 'done' }],
    );
    for (const each of [db!, foreign!]) each.close();
    rmSync(dataDir, { recursive: true });
  });

  it('lets an I/O error through, and acknowledges nothing', () => {
    const { db, words, add } = smallDatabase();
    // What SQLite throws when fsync has failed: SQLITE_IOERR_FSYNC.
    const failedSync = Object.assign(new Error('disk I/O error'), { errcode: 1034 });
    const run = ({ name }: { name: string }) => {
      if (name === 'sync') throw failedSync;
      return add.run(name);
    };
    assert.throws(() => commitTogether(db, run, ['a', 'sync', 'b'].map(command)), failedSync);
    // Also when another command has failed before, and each runs in a savepoint of its own.
    assert.throws(() => commitTogether(db, run, ['a', 'a', 'sync', 'b'].map(command)), failedSync);
    assert.deepEqual(words(), []);
  });

  it('lets a command that breaks a rule fail alone', () => {
    const { db, words, add } = smallDatabase();
    const run = ({ name }: { name: string }) => add.run(name);
    const answers = commitTogether(db, run, ['a', 'a', 'b'].map(command));
    assert.deepEqual(
      answers.map((answer) => 'value' in answer),
      [true, false, true],
    );
    assert.deepEqual(words(), ['a', 'b']);
  });
});
