/** A database that the disk has changed behind the server's back, and how it comes to light. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { restoreBackup } from '../../server/store/sqlite-restore.ts';
import { withChanges } from '../support/changed-source.ts';
import { ChildServer } from '../support/child-server.ts';
import { ApiPerson } from '../support/person.ts';
import { SteadyDevice, textsBetween } from '../support/steady-device.ts';

const pageBytes = 4_096;
let dataDir: string;
let file: string;
let server: ChildServer | undefined;
const start = async (port?: number) =>
  (server = await ChildServer.start({ dataDir, ...(port ? { port } : {}) }));

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-damaged-'));
  file = path.join(dataDir, 'opentalk.db');
});
afterEach(async () => {
  await server?.kill();
  server = undefined;
  rmSync(dataDir, { recursive: true });
});

/** A server that had some conversations, most of them copied back into the database, and was then killed. */
async function killedServer(): Promise<{
  ann: ApiPerson;
  bob: ApiPerson;
  device: SteadyDevice;
  port: number;
}> {
  const { url, port } = await start();
  const [ann, bob] = [await ApiPerson.signIn(url, 'ann'), await ApiPerson.signIn(url, 'bob')];
  const device = new SteadyDevice(ann, bob);
  for (let n = 1; n <= 20; n += 1) await device.send(`${n} ${'x'.repeat(3_900)}`);
  const foreign = new DatabaseSync(file, { timeout: 5_000 });
  foreign.exec('PRAGMA wal_checkpoint(FULL)');
  foreign.close();
  await device.send('the last, which is in the log alone');
  await server!.kill();
  return { ann, bob, device, port };
}

function overwrite(offset: number, bytes: Buffer): void {
  const opened = openSync(file, 'r+');
  writeSync(opened, bytes, 0, bytes.length, offset);
  closeSync(opened);
}

describe('a database after an end that was none in order', { timeout: 120_000 }, () => {
  it('is looked over in the background, and said to be sound', async () => {
    const { ann, bob, device, port } = await killedServer();
    const begun = await start(port);
    await device.send('while it is looked over');
    await begun.says(/looked over in the background/);
    await begun.says(/database is sound/);
    assert.deepEqual(await textsBetween(bob, ann), device.acknowledged);
  });

  it('is not looked over after one in order', async () => {
    await start();
    await ApiPerson.signIn(server!.url, 'ann');
    await server!.kill('SIGTERM');
    await start();
    assert.deepEqual(server!.lines(/looked over/), []);
  });

  it('is served no longer when it is found damaged, nor by the next start, until a good copy is restored', async () => {
    const { ann, bob, device, port } = await killedServer();
    const copy = `${file}.copy`;
    copyFileSync(file, copy);
    // Everything of the last quarter: pages of messages, which the start does not read.
    const from = Math.floor((statSync(file).size / pageBytes) * 0.75) * pageBytes;
    overwrite(from, randomBytes(statSync(file).size - from));

    const begun = await start(port);
    assert.equal(await begun.ended, 1);
    assert.match(begun.fatalLines().join(), /is damaged .*npm run restore -- FILE/);
    assert.match(readFileSync(path.join(dataDir, 'damaged.txt'), 'utf8'), /npm run restore -- FILE/);
    await assert.rejects(start(port), /is damaged .*npm run restore -- FILE/);

    restoreBackup(dataDir, copy, new Date());
    await start(port);
    assert.ok(!existsSync(path.join(dataDir, 'damaged.txt')));
    assert.deepEqual(await textsBetween(bob, ann), device.acknowledged.slice(0, -1), 'as of the copy');
  });

  it('ends the server also when reading comes upon the damage', async () => {
    const { bob, port } = await killedServer();
    const noLook = {
      file: 'server/store/check-database.ts',
      from: 'checkAfterMs = 2_000',
      to: 'checkAfterMs = 1e9',
    };
    const begun = (server = await ChildServer.start({ dataDir, port, ...withChanges([noLook]) }));
    overwrite(pageBytes, randomBytes(statSync(file).size - pageBytes));
    // What it has in its cache it may still answer.
    await bob.sync().catch(() => undefined);
    await bob.request('/api/messages?with=ann').catch(() => undefined);
    assert.equal(await begun.ended, 1);
    assert.match(begun.fatalLines().join(), /is damaged .*npm run restore -- FILE/);
  });
});

describe('a database whose first bytes are gone', { timeout: 120_000 }, () => {
  it('is told in a sentence by the start, not in a stack', async () => {
    const { port } = await killedServer();
    overwrite(0, Buffer.alloc(100, 'x'));
    for (const rest of ['-wal', '-shm']) rmSync(file + rest, { force: true });
    await assert.rejects(
      start(port),
      /the database .*opentalk.db is damaged \(file is not a database\).*npm run restore/,
    );
  });
});
