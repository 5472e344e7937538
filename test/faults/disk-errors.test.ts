/**
 * A disk that fails once. After a failed sync the kernel may have thrown away what was to be written, and SQLite would go
 * on accepting commits on top of it; so the server acknowledges nothing more and ends, and a start begins from the disk.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { withChanges, type SourceChange } from '../support/changed-source.ts';
import { ChildServer } from '../support/child-server.ts';
import { compileShim } from '../support/disk/shim.ts';
import { ApiPerson } from '../support/person.ts';
import { SteadyDevice, textsBetween } from '../support/steady-device.ts';

const shim = compileShim();
/** So that a few messages also see the log copied back into the database. */
const frequentCheckpoints: SourceChange[] = [
  { file: 'server/store/sqlite-checkpoint.ts', from: 'dueAtPages = 4_000', to: 'dueAtPages = 40' },
  { file: 'server/store/sqlite-checkpoint.ts', from: 'pagesBetweenTries = 250', to: 'pagesBetweenTries = 1' },
];

describe('a disk that fails once', { skip: shim.missing ?? false, timeout: 120_000 }, () => {
  let scratch: string;
  let dataDir: string;
  let server: ChildServer;

  beforeEach(() => {
    scratch = realpathSync(mkdtempSync(path.join(tmpdir(), 'opentalk-disk-errors-')));
    dataDir = path.join(scratch, 'data');
    mkdirSync(dataDir);
  });
  afterEach(async () => {
    await server.kill();
    rmSync(scratch, { recursive: true });
  });

  const order = () => path.join(scratch, 'fault');
  const start = (port?: number) => {
    const { execArgv, env } = withChanges(frequentCheckpoints);
    const disk = { LD_PRELOAD: shim.file, DISK_FOLDER: dataDir, DISK_FAULT: order() };
    return ChildServer.start({ dataDir, execArgv, env: { ...env, ...disk }, ...(port ? { port } : {}) });
  };
  /** From now on the next such call on such a file fails. */
  const failNext = (call: string) => {
    writeFileSync(`${order()}.new`, call);
    renameSync(`${order()}.new`, order());
  };

  for (const call of ['sync opentalk.db-wal', 'pwrite opentalk.db-wal']) {
    it(`acknowledges nothing for a failed ${call}, ends with a clear word, and has the rest after a restart`, async () => {
      server = await start();
      const [ann, bob] = [
        await ApiPerson.signIn(server.url, 'ann'),
        await ApiPerson.signIn(server.url, 'bob'),
      ];
      const device = new SteadyDevice(ann, bob);
      for (let n = 1; n <= 10; n += 1) await device.send(`before ${n}`);
      failNext(call);
      const unlucky = ann.draft(bob, 'unlucky');
      assert.equal(await device.tryOnce(unlucky), false);
      assert.equal(await server.ended, 1);
      assert.match(server.fatalLines().join(), /the store has failed: the disk of .* fails/);

      server = await start(server.port);
      const kept = await textsBetween(bob, ann);
      assert.deepEqual(kept.slice(0, 10), device.acknowledged);
      assert.ok(await device.tryOnce(unlucky), 'what was not acknowledged is tried again');
      assert.deepEqual(await textsBetween(bob, ann), device.acknowledged, 'and is there once');
    });
  }

  for (const call of ['sync opentalk.db', 'pwrite opentalk.db']) {
    it(`ends also for a failed ${call}, while the log is copied back; the log has what was acknowledged`, async () => {
      server = await start();
      const { url } = server;
      const [bob, ...senders] = await Promise.all(
        ['bob', 'ann', 'cleo', 'dan'].map((nick) => ApiPerson.signIn(url, nick)),
      );
      const devices = senders.map((sender) => new SteadyDevice(sender, bob!));
      const over = new AbortController();
      const sending = devices.map((device) => device.sendUntil(over.signal));
      failNext(call);
      assert.equal(await server.ended, 1);
      assert.match(server.fatalLines().join(), /the store has failed: the disk of .* fails/);

      server = await start(server.port);
      over.abort();
      await Promise.all(sending);
      for (const [n, device] of devices.entries()) {
        assert.deepEqual(await textsBetween(bob!, senders[n]!), device.acknowledged, 'each once, in order');
      }
    });
  }
});
