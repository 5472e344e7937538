/**
 * Told to stop (SIGTERM), a server lets nobody new in, answers everything that is under way, tells each stream when to
 * come back, and is gone within 10 s.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { text } from 'node:stream/consumers';
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
const running: ServerProcess[] = [];
after(async () => {
  for (const server of running) await server.kill();
  rmSync(folder, { recursive: true });
});

async function start(dataDir: string, at = 0): Promise<{ server: ServerProcess; port: number }> {
  const server = new ServerProcess(dataDir, at);
  running.push(server);
  return { server, port: (await server.ready())! };
}

describe('a server that is told to stop', () => {
  it('answers what is under way, lets nobody new in, ends its streams and long polls, and is gone', async () => {
    const dataDir = path.join(folder, 'one');
    const { server, port } = await start(dataDir);
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

    const early = net.connect(port, '127.0.0.1');
    await once(early, 'connect');

    const began = performance.now();
    const ended = server.end();
    await untilRefused(url);
    early.write(`GET /api/events HTTP/1.1\r\nHost: localhost\r\nCookie: ${bob.cookie}\r\n\r\n`);
    const late = await text(early);
    assert.match(
      late,
      /event: ack\n[^]*retry: [1-8]\d{3}\n/,
      'a connection made before is served, and its stream ended',
    );
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
    const texts = [...messagesOnDisk(dataDir).values()].flat().map((message) => message.text);
    assert.deepEqual(texts, [draft.text]);
  });

  it(`has answered everything that it took, each of ${rounds} times, while devices send as fast as they can`, async (t) => {
    const dataDir = path.join(folder, 'many');
    const { server: first, port } = await start(dataDir);
    let server = first;
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
        const taken = [...messagesOnDisk(dataDir).values()].flat().map((message) => message.text);
        // The answers are on this side by now; whoever waits for one reads it.
        await until(() => taken.every((one) => devices.acknowledged.has(one)), 'taken, and not answered');
        assert.equal(devices.acknowledged.size, taken.length);
        ({ server } = await start(dataDir, port));
      }
      return devices.finish();
    };
    const views = await Promise.race([devices.failure, story()]);
    assert.deepEqual(faultsOf(checker.compare(messagesOnDisk(dataDir), views)), []);
    assert.ok(Math.max(...tookMs) < longestMs, `it took ${tookMs.join(', ')} ms`);
    t.diagnostic(
      `${checker.composed} messages; ended after ${tookMs.map((ms) => Math.round(ms)).join(', ')} ms`,
    );
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
