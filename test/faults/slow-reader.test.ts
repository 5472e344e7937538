/**
 * Promise 6, bounded: readers that stop reading lag in the log. The server keeps nothing for them in memory, and the
 * others get theirs meanwhile.
 */
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

const stalledReaders = 8;
/** 16 MB for each reader: more than the kernel takes off our hands. */
const messages = 1_000;
const text = '😀'.repeat(4_000);
const perRequest = 10;

let server: TestServer;
let ann: ApiPerson;
let bob: ApiPerson;

before(async () => {
  server = await startTestServer({ metricsPort: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  ann = await ApiPerson.signIn(url, 'ann');
  bob = await ApiPerson.signIn(url, 'bob');
});
after(() => server.remove());

/** Opens a stream and reads nothing of it, ever. */
function openStalled(): Promise<net.Socket> {
  return new Promise((resolve) => {
    const socket = net.connect(server.port, '127.0.0.1', () => {
      socket.write(`GET /api/events HTTP/1.1\r\nHost: localhost\r\nCookie: ${bob.cookie}\r\n\r\n`);
      socket.pause();
      resolve(socket);
    });
  });
}

describe('readers that stop reading', () => {
  it('cost a bounded amount of memory and delay nobody else', async () => {
    const stalled = await Promise.all(Array.from({ length: stalledReaders }, openStalled));
    const reader = await SseReader.open(bob);
    await reader.nextOf('heartbeat');
    let received = 0;
    const reading = (async () => {
      while (received < messages) {
        const event = await reader.nextOf('inbox');
        received += 1;
        assert.equal(event.data['seq'], received);
      }
    })();
    for (let sent = 0; sent < messages; sent += perRequest) {
      await ann.send(...Array.from({ length: perRequest }, () => ann.draft(bob, text)));
    }
    await reading;

    // Had each stalled reader its own buffer, it would be this much for all of them.
    const backlogBytes = messages * Buffer.byteLength(text) * stalledReaders;
    const buffered = bufferedBytes();
    assert.ok(buffered < backlogBytes / 20, `${buffered} of ${backlogBytes} bytes are buffered`);
    const metrics = await (await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`)).text();
    const slowest = Number(/^opentalk_slowest_stream_seconds (\S+)$/m.exec(metrics)?.[1]);
    assert.ok(slowest > 0 && slowest < 60, `${slowest} s`);
    reader.close();
    for (const socket of stalled) socket.destroy();
  });
});

/** What this process's sockets hold to be written: server and readers live in the same process here. */
function bufferedBytes(): number {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  return handles
    .filter((handle): handle is net.Socket => handle instanceof net.Socket)
    .reduce((bytes, socket) => bytes + socket.writableLength, 0);
}
