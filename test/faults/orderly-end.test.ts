/**
 * Told to stop (SIGTERM), a server lets nobody new in, answers everything that is under way, tells each stream when to
 * come back, and is gone within 10 s.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Checker, faultsOf } from '../support/checker.ts';
import { Devices } from '../support/devices.ts';
import { messagesOnDisk } from '../support/messages-on-disk.ts';
import { ApiPerson } from '../support/person.ts';
import { ServerProcess } from '../support/server-process.ts';
import { SseReader } from '../support/sse-reader.ts';

const rounds = 3;
const longestMs = 10_000;
const folder = mkdtempSync(path.join(tmpdir(), 'opentalk-end-'));
after(() => rmSync(folder, { recursive: true }));

describe('a server that is told to stop', () => {
  it('answers what is under way, lets nobody new in, ends its streams and long polls, and is gone', async () => {
    const dataDir = path.join(folder, 'one');
    const server = new ServerProcess(dataDir, 0);
    const port = (await server.ready())!;
    const url = `http://127.0.0.1:${port}`;
    const ann = await ApiPerson.signIn(url, 'ann');
    const bob = await ApiPerson.signIn(url, 'bob');
    const stream = await SseReader.open(bob);
    await stream.nextOf('heartbeat');
    const { cursor } = await bob.sync();
    const poll = bob.events(cursor, 25);
    const draft = ann.draft(bob, 'half sent when the word came');
    const body = JSON.stringify({ messages: [draft] });
    const request = http.request(`${url}/api/messages`, {
      method: 'POST',
      agent: new http.Agent({ keepAlive: true }),
      headers: {
        Cookie: ann.cookie,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        // Its answer says that the request has arrived, before there is a body.
        Expect: '100-continue',
      },
    });
    const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).once('error', reject);
    });
    request.flushHeaders();
    await new Promise((resolve) => request.once('continue', resolve));
    request.write(body.slice(0, 20));

    const began = performance.now();
    const ended = server.end();
    await untilRefused(url);
    request.end(body.slice(20));
    const answer = await answered;
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers.connection, 'close');
    answer.resume();
    assert.deepEqual((await poll).events, [], 'the long poll is answered early');
    while (await stream.next());
    assert.ok(stream.retryMs! >= 1_000 && stream.retryMs! <= 8_000, `retry: ${stream.retryMs}`);
    assert.equal(await ended, 'exit code 0');
    assert.ok(performance.now() - began < longestMs, 'it took too long');
    const texts = [...messagesOnDisk(dataDir).values()].flat().map(({ text }) => text);
    assert.deepEqual(texts, [draft.text]);
  });

  it(`has answered everything that it took, each of ${rounds} times, while devices send as fast as they can`, async (t) => {
    const dataDir = path.join(folder, 'many');
    let server = new ServerProcess(dataDir, 0);
    const port = (await server.ready())!;
    const checker = new Checker();
    const devices = await Devices.start(`http://127.0.0.1:${port}`, checker, Math.random);
    const tookMs: number[] = [];
    const story = async () => {
      for (let round = 0; round < rounds; round += 1) {
        const before = devices.acknowledged.size;
        await until(() => devices.acknowledged.size > before + 200);
        const began = performance.now();
        assert.equal(await server.end(), 'exit code 0');
        tookMs.push(performance.now() - began);
        const taken = [...messagesOnDisk(dataDir).values()].flat().map(({ text }) => text);
        // The answers are on this side by now; whoever waits for one reads it.
        await until(() => taken.every((text) => devices.acknowledged.has(text)), 'taken, and not answered');
        assert.equal(devices.acknowledged.size, taken.length);
        server = new ServerProcess(dataDir, port);
        await server.ready();
      }
      return devices.finish();
    };
    const views = await Promise.race([devices.failure, story()]);
    assert.deepEqual(faultsOf(checker.compare(messagesOnDisk(dataDir), views)), []);
    assert.ok(Math.max(...tookMs) < longestMs, `it took ${tookMs.join(', ')} ms`);
    t.diagnostic(
      `${checker.composed} messages; ended after ${tookMs.map((ms) => Math.round(ms)).join(', ')} ms`,
    );
    await server.kill();
  });
});

async function until(isSo: () => boolean, otherwise = 'it does not happen'): Promise<void> {
  for (const began = performance.now(); !isSo(); await sleep(10)) {
    if (performance.now() - began > 30_000) assert.fail(otherwise);
  }
}

/** Until no new connection is taken. */
async function untilRefused(url: string): Promise<void> {
  for (;;) {
    const isOpen = await fetch(`${url}/healthz`, { headers: { Connection: 'close' } }).then(
      () => true,
      () => false,
    );
    if (!isOpen) return;
  }
}
