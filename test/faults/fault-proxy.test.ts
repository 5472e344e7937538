/** The bad network itself: each of its faults does what it says, to a small server and raw connections. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { RawClient, until } from '../support/raw-client.ts';

/** Answers each path in its own way, and remembers what it was asked. */
const asked: string[] = [];
let streaming: http.ServerResponse | undefined;
const server = http.createServer((request, response) => {
  void (async () => {
    const body = Buffer.concat(await request.toArray()).toString();
    asked.push(`${request.method} ${request.url} ${body}`.trim());
    if (request.url === '/stream') {
      streaming = response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('hello');
    } else if (request.url === '/pieces') {
      streaming = response.writeHead(200, { 'Content-Length': 1_000 });
      response.write('begins');
    } else if (request.url === '/big') response.end(Buffer.alloc(8_000_000, 'x'));
    else response.end(`answer to ${body || request.url}`);
  })();
});

/** Long enough for loopback to bring what comes. */
const aMoment = () => wait(100);

let proxy: FaultProxy;
let clients: RawClient[] = [];

function connect(): RawClient {
  const client = new RawClient(proxy.port);
  clients.push(client);
  return client;
}

before(() => once(server.listen(0, '127.0.0.1'), 'listening'));
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  asked.length = 0;
  streaming = undefined;
  proxy = await startFaultProxy((server.address() as AddressInfo).port);
});
afterEach(async () => {
  for (const { socket } of clients) socket.destroy();
  clients = [];
  await proxy.close();
});

describe('the fault proxy', () => {
  it('passes everything on when nothing is wrong, and counts connections', async () => {
    const client = connect();
    await client.ask('/one').hears('answer to /one');
    await client.ask('/two', 'a body').hears('answer to a body');
    assert.match(proxy.sent(), /GET \/one[^]*POST \/two[^]*a body/);
    assert.deepEqual([proxy.accepted(), proxy.open()], [1, 1]);
    client.socket.end();
    await until(() => proxy.open() === 0, 'the connection to be gone');
  });

  it('passes on the end of a connection after everything before it', async () => {
    const client = connect();
    proxy.delay(50);
    client.socket.end('GET /big HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n');
    assert.equal(await client.closes(), 'end');
    assert.ok(client.text.length > 8_000_000);
  });

  it('resets every connection, and each new one, until it is up again', async () => {
    const client = connect();
    await client.ask('/one').hears('/one');
    proxy.down();
    assert.equal(await client.closes(), 'reset');
    assert.equal(await connect().closes(), 'reset');
    proxy.up();
    await connect().ask('/two').hears('answer to /two');
  });

  it('lets nothing through a stall, and everything after it', async () => {
    const client = connect();
    await client.ask('/stream').hears('hello');
    proxy.stall();
    streaming!.write('in the stall');
    await aMoment();
    assert.doesNotMatch(client.text, /in the stall/);
    proxy.up();
    await client.hears('in the stall');
  });

  it('does not read on when what waits grows, and loses none of it', async () => {
    let readBytes = 0;
    await proxy.close();
    proxy = await startFaultProxy((server.address() as AddressInfo).port, {
      onBytes(way, bytes) {
        if (way === 'down') readBytes += bytes;
      },
    });
    const client = connect().ask('/big');
    await until(() => readBytes > 0, 'the answer to begin');
    proxy.stall();
    const already = readBytes;
    await aMoment();
    assert.ok(readBytes - already < 1_000_000, `the proxy has taken ${readBytes - already} bytes`);
    proxy.up();
    await until(() => client.text.length > 8_000_000, 'all of it');
  });

  it('delays each way, and keeps the order when the delay changes', async () => {
    const client = connect();
    proxy.delay(120);
    await client.ask('/stream').hears('hello');
    assert.ok(client.arrivals[0]! >= 239, `came after ${client.arrivals[0]} ms`);
    proxy.delay(300);
    streaming!.write('first,');
    await aMoment();
    proxy.delay(10);
    streaming!.write('second');
    await client.hears('second');
    assert.match(client.text, /first,[^]*second/);
  });

  it('drips at the pace it is told', async () => {
    const client = connect();
    await client.ask('/stream').hears('hello');
    proxy.drip(2_000);
    const startedAt = performance.now();
    streaming!.write(`${'x'.repeat(1_000)}end`);
    await client.hears('end');
    const tookMs = performance.now() - startedAt;
    assert.ok(tookMs > 400 && tookMs < 3_000, `took ${tookMs} ms`);
  });

  it('buffers until enough has gathered, but lets whole answers through', async () => {
    proxy.buffer(1_000);
    const client = connect();
    client.ask('/stream');
    await until(() => streaming !== undefined, 'the request');
    await aMoment();
    assert.equal(client.text, '');
    await connect().ask('/one').hears('answer to /one');
    streaming!.write('y'.repeat(1_000));
    await client.hears('yyy');
    streaming!.write('the rest');
    await aMoment();
    assert.doesNotMatch(client.text, /the rest/);
    streaming!.end('.');
    await client.hears('the rest');
  });

  it('lets go of what it has buffered when it is told', async () => {
    proxy.buffer(100_000);
    const client = connect().ask('/stream');
    await until(() => streaming !== undefined, 'the request');
    await aMoment();
    assert.equal(client.text, '');
    proxy.buffer(0);
    await client.hears('hello');
  });

  it('forgets the open connections without closing them, and serves new ones', async () => {
    const client = connect();
    await client.ask('/stream').hears('hello');
    proxy.halfOpen();
    streaming!.write('unheard');
    client.ask('/swallowed');
    await connect().ask('/two').hears('answer to /two');
    await aMoment();
    assert.deepEqual([client.ended, client.text.includes('unheard')], ['no', false]);
    assert.deepEqual(asked, ['GET /stream', 'GET /two']);
    let closed = false;
    streaming!.on('close', () => (closed = true));
    client.socket.destroy();
    await aMoment();
    assert.equal(closed, false, 'the server is not told either');
    proxy.cut();
    await until(() => closed, 'the server to be told by a cut');
  });

  it('answers in the place of the server, so many times', async () => {
    proxy.inject('POST /two', { status: 503, headers: { 'Retry-After': '7' }, body: 'busy' }, 2);
    for (let time = 1; time <= 2; time += 1) {
      const client = connect();
      await client.ask('/one').hears('answer to /one');
      client.ask('/two', 'a body');
      assert.equal(await client.closes(), 'end');
      assert.match(client.text, /HTTP\/1\.1 503 Service Unavailable\r\n[^]*Retry-After: 7\r\n[^]*busy$/);
    }
    await connect().ask('/two', 'through').hears('answer to through');
    assert.deepEqual(asked, ['GET /one', 'GET /one', 'POST /two through']);
    proxy.inject('/one', { status: 200 }, Infinity);
    assert.equal(await connect().ask('/one').closes(), 'end');
    proxy.inject('/one', { status: 200 }, 0);
    await connect().ask('/one').hears('answer to /one');
  });

  it('says a request twice, and passes on one answer', async () => {
    proxy.duplicate('POST /two');
    const client = connect();
    await client.ask('/two', 'b'.repeat(100_000)).hears('answer to bbb');
    await until(() => asked.length === 2, 'the second one');
    assert.equal(asked[0], asked[1]);
    assert.equal(client.text.match(/HTTP\/1\.1/g)?.length, 1);
    await client.ask('/two', 'next').hears('answer to next');
    await aMoment();
    assert.equal(asked.length, 3);
  });

  it('loses an answer after the server gave it', async () => {
    proxy.loseAnswerTo('POST /two');
    const client = connect();
    await client.ask('/one').hears('answer to /one');
    client.ask('/two', 'a body');
    assert.equal(await client.closes(), 'reset');
    assert.doesNotMatch(client.text, /a body/);
    assert.deepEqual(asked, ['GET /one', 'POST /two a body']);
    await connect().ask('/two', 'again').hears('answer to again');
  });

  it('breaks off inside of what the server says, even if it says it in two', async () => {
    const client = connect();
    await client.ask('/pieces').hears('begins');
    proxy.cutInside('cut here');
    streaming!.write('before, cu');
    await client.hears('before, cu');
    streaming!.write('t here, after');
    assert.equal(await client.closes(), 'reset');
    assert.match(client.text, /t here$/);
  });

  it('breaks off the next connection after so many bytes of answers', async () => {
    const spared = connect();
    await spared.ask('/one').hears('/one');
    proxy.cutAfter(30);
    const client = connect().ask('/one');
    assert.equal(await client.closes(), 'reset');
    assert.equal(client.text.length, 30);
    await connect().ask('/one').hears('answer to /one');
    await spared.ask('/two').hears('answer to /two');
  });

  it('ends silent connections, and old ones, when it has such limits', async () => {
    proxy.cutIdleAfter(300);
    const silent = connect();
    const lively = connect();
    await lively.ask('/stream').hears('hello');
    while (silent.ended === 'no') {
      streaming!.write('.');
      await wait(20);
    }
    assert.equal(lively.ended, 'no');
    proxy.cutIdleAfter(0);
    proxy.cutAtAge(50);
    assert.equal(await lively.closes(), 'reset');
    proxy.cutAtAge(0);
    await connect().ask('/one').hears('answer to /one');
  });

  it('forgets old connections without a word, and lets new ones work, when it is a network that does so', async () => {
    proxy.forgetAtAge(200);
    const client = connect();
    await client.ask('/stream').hears('hello');
    await wait(300);
    streaming!.write('into the void');
    streaming!.end();
    await aMoment();
    assert.equal(client.text.includes('into the void'), false);
    assert.equal(client.ended, 'no');
    await connect().ask('/one').hears('answer to /one');
  });

  it('finds the head of a request that comes in pieces', async () => {
    proxy.inject('GET /one HTTP', { status: 418 });
    const client = connect();
    client.socket.write('GET /on');
    await aMoment();
    client.socket.write('e HTTP/1.1\r\nHost: here\r\n\r\n');
    await client.hears('418');
  });
});
