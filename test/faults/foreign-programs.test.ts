/** Another program at the database: one that writes and does not let go, and one that reads for too long. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ChildServer } from '../support/child-server.ts';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { SteadyDevice, textsBetween } from '../support/steady-device.ts';

const mebibyte = 1024 * 1024;
let dataDir: string;
let server: ChildServer;
let ann: ApiPerson;
let bob: ApiPerson;
let device: SteadyDevice;
/** The server is in a process of its own, so this one's connection is another program's. */
let foreign: DatabaseSync;

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-foreign-'));
  server = await ChildServer.start({ dataDir, env: { HEARTBEAT_MS: '500' } });
  ann = await ApiPerson.signIn(server.url, 'ann');
  bob = await ApiPerson.signIn(server.url, 'bob');
  device = new SteadyDevice(ann, bob);
  foreign = new DatabaseSync(path.join(dataDir, 'opentalk.db'), { timeout: 5_000 });
});
afterEach(async () => {
  foreign.close();
  await server.kill();
  rmSync(dataDir, { recursive: true });
});

describe('another program that holds the database', { timeout: 120_000 }, () => {
  it('is waited for, and nobody notices, when it lets go soon', async () => {
    foreign.exec('BEGIN IMMEDIATE');
    const sent = device.send('waits');
    assert.equal((await bob.sync()).people.length, 2, 'reading goes on meanwhile');
    foreign.exec('COMMIT');
    await sent;
    assert.deepEqual(device.refusals, []);
  });

  it('costs a 503 for everything that waits when it does not, and nothing is lost', async () => {
    const stream = await SseReader.open(bob);
    foreign.exec('BEGIN IMMEDIATE');
    const drafts = Array.from({ length: 10 }, (_, n) => ann.draft(bob, `held ${n}`));
    const tries: Promise<boolean>[] = [];
    let heartbeats = 0;
    for (const draft of drafts) {
      tries.push(device.tryOnce(draft));
      await stream.nextOf('heartbeat'); // which go on, and reading, too
      heartbeats += 1;
      assert.deepEqual(await textsBetween(bob, ann), []);
      if (device.refusals.length > 0) break;
    }
    const refusedAt = performance.now();
    assert.deepEqual(new Set(await Promise.all(tries)), new Set([false]));
    // Who came while the first waited its 5 s does not wait for 5 s of its own.
    assert.ok(performance.now() - refusedAt < 4_000, 'all are refused together');
    assert.ok(heartbeats > 2, 'it was waited for in vain');
    for (const { status, retryAfter } of device.refusals) {
      assert.equal(status, 503);
      assert.ok(Number(retryAfter) > 0);
    }
    await server.says(/another program holds/);
    assert.equal(server.lines(/another program holds/).length, 1, 'told once, not for each request');

    foreign.exec('ROLLBACK');
    for (const draft of drafts) assert.ok(await device.tryOnce(draft));
    assert.deepEqual(await textsBetween(bob, ann), device.acknowledged);
    stream.close();
  });
});

describe('another program that reads for long', { timeout: 120_000 }, () => {
  it('makes the log grow, which is told once, and it shrinks again when that has gone', async () => {
    const log = path.join(dataDir, 'opentalk.db-wal');
    const text = '😀'.repeat(4_000);
    foreign.exec('BEGIN');
    foreign.prepare('SELECT count(*) FROM message').get();
    const over = new AbortController();
    // Our own reading is no such reader, however much there is of it.
    const reading = (async () => {
      while (!over.signal.aborted)
        await bob.request('/api/messages?with=ann&limit=10').then((page) => page.text());
    })();
    while (server.lines(/log grows/).length === 0) {
      await ann.send(...Array.from({ length: 12 }, () => ann.draft(bob, text)));
    }
    for (let n = 0; n < 5; n += 1) await ann.send(...Array.from({ length: 12 }, () => ann.draft(bob, text)));
    assert.ok(statSync(log).size >= 64 * mebibyte);

    foreign.exec('COMMIT');
    while (server.lines(/log is short/).length === 0) await ann.send(ann.draft(bob, 'small'));
    assert.ok(statSync(log).size <= 32 * mebibyte, `${statSync(log).size} bytes`);
    // And stays short while many write and read, and nobody holds it.
    for (let n = 0; n < 100; n += 1)
      await ann.send(...Array.from({ length: 12 }, () => ann.draft(bob, text)));
    assert.ok(statSync(log).size <= 32 * mebibyte, `${statSync(log).size} bytes`);
    assert.equal(server.lines(/log grows/).length, 1, 'told once');
    over.abort();
    await reading;
  });
});
