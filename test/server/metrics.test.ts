/** What Prometheus, and whoever spreads requests over several nodes, are told. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { openSqliteStore } from '../../server/store/sqlite-store.ts';
import { StorageHeld } from '../../server/store/event-store.ts';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

describe('the figures', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ metricsPort: 0 });
  });
  after(() => server.remove());

  const figures = async () => {
    const response = await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`);
    assert.match(response.headers.get('Content-Type') ?? '', /text\/plain; version=0\.0\.4/);
    return response.text();
  };

  it('tell of connections, messages, commits, replays, resets, refusals and the event loop, and name nobody', async () => {
    const ann = await ApiPerson.signIn(`http://127.0.0.1:${server.port}`, 'ann');
    const bob = await ApiPerson.signIn(`http://127.0.0.1:${server.port}`, 'bob');
    const { cursor } = await bob.sync();
    await ann.send(ann.draft('bob', 'one'), ann.draft('bob', 'two'), ann.draft('nobody', 'three'));
    const stream = await SseReader.open(bob, `?after=${cursor}`);
    await stream.nextOf('heartbeat');
    await bob.events('no id at all');
    await fetch(`http://127.0.0.1:${server.port}/api/sync`);
    const told = await figures();
    for (const line of [
      'opentalk_listeners 1',
      'opentalk_messages_total{status="accepted"} 2',
      'opentalk_messages_total{status="rejected"} 1',
      'opentalk_refusals_total{code="unknown_person"} 1',
      'opentalk_refusals_total{code="signed_out"} 1',
      'opentalk_resets_total{reason="invalid"} 1',
      'opentalk_commit_seconds_count 1',
      'opentalk_commit_requests_count 1',
      'opentalk_replay_seconds_count 1',
      'opentalk_events_read_total 2',
      'opentalk_store_up 1',
      'opentalk_online 1',
      'opentalk_slowest_stream_seconds 0',
    ]) {
      assert.ok(told.includes(`\n${line}\n`), `${line} in ${told}`);
    }
    assert.match(told, /\nopentalk_connections [1-9]/);
    assert.match(told, /\nnodejs_eventloop_lag_p99_seconds /);
    assert.match(told, /\nprocess_resident_memory_bytes /);
    assert.ok(!told.includes('opentalk_redis_up '), 'a single node has no Redis');
    assert.ok(![ann.me.id, bob.me.id, 'ann"', 'bob"'].some((name) => told.includes(name)));
    stream.close();
  });

  it('are on no port that people reach', async () => {
    assert.equal((await fetch(`http://127.0.0.1:${server.port}/metrics`)).status, 404);
    assert.equal((await fetch(`http://127.0.0.1:${server.metricsPort}/api/sync`)).status, 404);
  });

  it('are nowhere unless they are asked for', async () => {
    const plain = await startTestServer();
    assert.equal(plain.metricsPort, undefined);
    await plain.remove();
  });
});

describe('being ready', () => {
  async function ask(port: number): Promise<{ status: number; text: string }> {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    return { status: response.status, text: await response.text() };
  }

  it('is over while the store does not answer, and comes back with it', async (t) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-ready-'));
    t.after(() => rmSync(dataDir, { recursive: true }));
    const real = await openSqliteStore({ dataDir, onFatal: assert.fail });
    let isAway = false;
    const people: typeof real.people = (...asked) =>
      isAway ? Promise.reject(new StorageHeld('away')) : real.people(...asked);
    const server = await startTestServer({ store: { ...real, people } });
    assert.equal((await ask(server.port)).status, 200);
    isAway = true;
    assert.deepEqual(await ask(server.port), { status: 503, text: '{"status":"store-away"}' });
    isAway = false;
    assert.equal((await ask(server.port)).status, 200);
    await server.remove();
  });

  it('is over once the server ends, for who still has a connection', async () => {
    const server = await startTestServer();
    const url = `http://127.0.0.1:${server.port}`;
    const ann = await ApiPerson.signIn(url, 'ann');
    const early = net.connect(server.port, '127.0.0.1');
    await once(early, 'connect');
    // As long as something is under way.
    const halfSent = http.request(`${url}/api/typing`, {
      method: 'POST',
      headers: {
        Cookie: ann.cookie,
        'Content-Type': 'application/json',
        'Content-Length': 12,
        Expect: '100-continue',
      },
    });
    halfSent.on('error', () => {});
    halfSent.flushHeaders();
    await once(halfSent, 'continue');
    const ended = server.remove();
    early.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.match(await text(early), /^HTTP\/1\.1 503 [^]*{"status":"ending"}$/);
    halfSent.destroy();
    await ended;
  });
});
