/** The connection of an event stream once it has been taken from node:http: what a reader sees of it must be the same. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ApiPerson } from '../support/person.ts';
import { RawClient } from '../support/raw-client.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

let server: TestServer;
let ann: ApiPerson;
before(async () => {
  server = await startTestServer({ heartbeatMs: 1_000, graceMs: 50 });
  ann = await ApiPerson.signIn(`http://127.0.0.1:${server.port}`, 'ann');
});
after(() => server.remove());

function ask(head: string): RawClient {
  const client = new RawClient(server.port);
  client.socket.write(head);
  return client;
}

function streamHead(version = '1.1', method = 'GET', more = ''): string {
  return `${method} /api/events HTTP/${version}\r\nHost: here\r\nCookie: ${ann.cookie}\r\n${more}\r\n`;
}

/** The body that the chunks of an answer make up, and whether the last of them has come. */
function unchunk(answer: string): { body: string; isWhole: boolean } {
  let rest = answer.slice(answer.indexOf('\r\n\r\n') + 4);
  let body = '';
  for (;;) {
    const size = Number.parseInt(rest, 16);
    if (Number.isNaN(size)) return { body, isWhole: false };
    const from = rest.indexOf('\r\n') + 2;
    if (size === 0) return { body, isWhole: rest.slice(from) === '\r\n' };
    body += rest.slice(from, from + size);
    assert.equal(rest.slice(from + size, from + size + 2), '\r\n', 'a chunk is as long as it says');
    rest = rest.slice(from + size + 2);
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** How many sockets of this process still have what node:http keeps of a request. */
function socketsOfHttp(): number {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  return handles.filter((handle) => handle instanceof net.Socket && 'parser' in handle && handle.parser)
    .length;
}

describe('the connection of an event stream', () => {
  it('is not kept by node:http any more', async () => {
    const client = ask(streamHead());
    await client.hears('event: heartbeat');
    const streams = socketsOfHttp();
    const others = [1, 2, 3].map(() => ask(streamHead()));
    for (const other of others) await other.hears('event: heartbeat');
    assert.equal(socketsOfHttp(), streams);
    for (const { socket } of [client, ...others]) socket.destroy();
  });

  it('holds on to nothing of the request that opened it', { timeout: 30_000 }, async () => {
    const held = { count: 0 };
    const gone = new FinalizationRegistry(() => (held.count -= 1));
    const note = (message: unknown) => {
      const { request, response } = message as { request: object; response: object };
      for (const each of [request, response]) gone.register(each, undefined);
      held.count += 2;
    };
    subscribe('http.server.request.start', note);
    const client = ask(streamHead());
    await client.hears('event: heartbeat');
    unsubscribe('http.server.request.start', note);
    assert.equal(held.count, 2);
    // Collected a moment after nobody has it any more; a test that waits for ever shows who has.
    while (held.count > 0) {
      collectGarbage();
      await nextTurn();
    }
    client.socket.destroy();
  });

  it('has whole chunks, and a last one when the stream ends', async () => {
    const bob = await ApiPerson.signIn(ann.baseUrl, 'bob');
    const client = ask(streamHead().replace(ann.cookie, bob.cookie));
    await client.hears('event: heartbeat');
    await ann.send(ann.draft(bob, 'grüße 😀'));
    await client.hears('event: inbox');
    await bob.request('/api/session', { method: 'DELETE' });
    assert.equal(await client.closes(), 'end');
    const { body, isWhole } = unchunk(client.text);
    assert.ok(isWhole);
    assert.match(Buffer.from(body, 'latin1').toString(), /"text":"grüße 😀"/);
    assert.match(client.text, /^HTTP\/1\.1 200 OK\r\n[^]*\r\nConnection: close\r\n/);
  });

  it('answers no other request, whether it comes with the first or later', async () => {
    const second = 'GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n';
    const together = ask(streamHead() + second);
    await together.closes();
    const later = ask(streamHead());
    await later.hears('event: heartbeat');
    later.socket.write(second);
    await later.closes();
    for (const { text } of [together, later]) {
      assert.equal(text.split('HTTP/1.1 ').length, 2, 'one answer and no more');
    }
  });

  it('is let go of when its reader goes, who is then offline', async () => {
    const client = ask(streamHead());
    await client.hears('event: heartbeat');
    assert.equal((await ann.sync()).me.online, true);
    client.socket.end();
    await client.closes();
    while ((await ann.sync()).me.online);
  });

  it('has no chunks for a proxy that speaks HTTP/1.0', async () => {
    const client = ask(streamHead('1.0'));
    await client.hears('event: heartbeat');
    assert.doesNotMatch(client.text, /Transfer-Encoding/i);
    assert.match(client.text, /\r\n\r\nretry: 500\n/);
    client.socket.destroy();
  });

  it('serves a proxy that asks for the connection to be closed after the answer', async () => {
    const client = ask(streamHead('1.1', 'GET', 'Connection: close\r\n'));
    await client.hears('event: heartbeat');
    assert.match(unchunk(client.text).body, /^retry: 500\n/);
    client.socket.destroy();
  });
});
