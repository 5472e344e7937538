/** The limits of one person and one address: what they stop, and when it goes on. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { countedAs } from '../../server/http/address.ts';
import { limits, RateLimit } from '../../server/http/rate-limit.ts';
import { Hub } from '../../server/realtime/hub.ts';
import type { EventStream } from '../../server/realtime/event-stream.ts';
import { ApiPerson } from '../support/person.ts';
import { RawClient, until } from '../support/raw-client.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { nobodyApart } from '../support/nobody-apart.ts';

let server: TestServer;
let url: string;
/** The clock of the server. */
let now = Date.parse('2026-01-01T00:00:00Z');

before(async () => {
  server = await startTestServer({ rateLimits: true, now: () => new Date(now) });
  url = `http://127.0.0.1:${server.port}`;
});
after(() => server.remove());

const wait = (seconds: number) => (now += seconds * 1_000);

/** Asks until it is refused; how often it was not, and for how many seconds it shall wait. */
async function askUntilRefused(
  ask: () => Promise<Response>,
): Promise<[granted: number, waitSeconds: number]> {
  for (let granted = 0; ; granted += 1) {
    const response = await ask();
    const { code } = response.status === 204 ? {} : ((await response.json()) as { code?: string });
    if (response.status !== 429) continue;
    assert.equal(code, 'rate_limited');
    return [granted, Number(response.headers.get('Retry-After'))];
  }
}

describe('one person', () => {
  it('has a bucket of messages that a batch may take into debt, and is told when to come back', async () => {
    const person = await ApiPerson.signIn(url, 'chatty');
    const send = (count: number) => {
      const messages = Array.from({ length: count }, () => person.draft(person, 'x'));
      return person.request('/api/messages', { json: { messages } });
    };
    assert.deepEqual(
      await askUntilRefused(() => send(99)),
      [3, 20],
      '297 of 200: 97 in debt, and one to have',
    );
    wait(19);
    assert.equal((await send(1)).status, 429);
    wait(1);
    assert.equal((await send(1)).status, 200);
  });

  it('pays also for what is no message: 200 at once', async () => {
    const person = await ApiPerson.signIn(url, 'babbler');
    const babble = () => person.request('/api/messages', { json: { messages: 'x' } });
    assert.deepEqual(await askUntilRefused(babble), [200, 1]);
  });

  it('has 10 bodies on their way at once, whatever they are for', async () => {
    const person = await ApiPerson.signIn(url, 'slow');
    const headers = ['Host: here', `Cookie: ${person.cookie}`, 'Content-Type: application/json'];
    headers.push('Content-Length: 100000', '', '');
    const routes = ['POST /api/messages', 'POST /api/receipts', 'POST /api/typing', 'PUT /api/settings'];
    const clients = Array.from({ length: 25 }, () => new RawClient(server.port));
    for (const [n, { socket }] of clients.entries()) {
      const start = `${routes[n % routes.length]} HTTP/1.1`;
      socket.write([start, ...headers].join('\r\n') + ' '.repeat(50_000));
    }
    const refused = () => clients.filter(({ text }) => text.includes('"code":"rate_limited"'));
    await until(() => refused().length === 15, 'those that are too many to be refused');
    assert.ok(refused().every(({ text }) => text.includes('Retry-After: 1\r\n')));
    for (const { socket } of clients) socket.destroy();
    let status = 429;
    while (status === 429) ({ status } = await person.request('/api/messages', { json: {} }));
    assert.equal(status, 400, 'once they have gone there is room again');
  });

  it('has 6 snapshots a minute, 30 searches, and lists enough to look at', async () => {
    const person = await ApiPerson.signIn(url, 'curious');
    assert.deepEqual(await askUntilRefused(() => person.request('/api/sync')), [6, 10]);
    assert.deepEqual(await askUntilRefused(() => person.request('/api/people?search=a')), [30, 2]);
    assert.deepEqual(await askUntilRefused(() => person.request('/api/people')), [120, 1]);
    const other = await ApiPerson.signIn(url, 'curioustoo');
    assert.equal((await other.request('/api/sync')).status, 200, 'that is nobody else’s matter');
  });

  it('asks who one is 120 times at once, and for events 600 times', async () => {
    const person = await ApiPerson.signIn(url, 'asking');
    assert.deepEqual(await askUntilRefused(() => person.request('/api/session')), [120, 1]);
    const { cursor } = await person.sync();
    const poll = () =>
      person.request(`/api/events?after=${cursor}`, { headers: { Accept: 'application/json' } });
    assert.deepEqual(await askUntilRefused(poll), [600, 1]);
  });

  it('has 60 stream openings a minute; the next is told to come back later', async () => {
    const person = await ApiPerson.signIn(url, 'flapping');
    const open = async () => {
      const stream = await SseReader.open(person, '?after=x');
      const first = await stream.next();
      stream.close();
      return { status: stream.response.status, first: first?.event, retryMs: stream.retryMs };
    };
    for (let n = 0; n < 60; n += 1) assert.equal((await open()).first, 'ack');
    assert.deepEqual(await open(), { status: 200, first: undefined, retryMs: 10_000 });
    wait(1);
    assert.equal((await open()).first, 'ack');
  });

  it('has 20 streams, also when all are opened at once', async () => {
    const person = await ApiPerson.signIn(url, 'hoarder');
    const streams = await Promise.all(Array.from({ length: 50 }, () => SseReader.open(person)));
    const first = await Promise.all(streams.map((stream) => stream.next()));
    assert.equal(first.filter((event) => event?.event === 'ack').length, 20);
    const rest = streams.filter((_, n) => first[n] === undefined);
    assert.equal(rest.length, 30);
    for (const { response, retryMs } of rest) assert.deepEqual([response.status, retryMs], [200, 10_000]);
    for (const stream of streams) stream.close();
  });

  it('has 20 polls that wait; the next is answered at once', async () => {
    const person = await ApiPerson.signIn(url, 'poller');
    const { cursor } = await person.sync();
    let answered = 0;
    const polls = Array.from({ length: 25 }, async () => {
      const batch = await person.events(cursor, 25);
      answered += 1;
      return batch;
    });
    await until(() => answered === 5, 'the answers of those that are too many');
    await person.send(person.draft(person, 'news'));
    const told = (await Promise.all(polls)).filter(({ events }) => events.length === 1);
    assert.equal(told.length, 20, 'the others have waited for news');
  });
});

describe('one address', () => {
  it('has 30 new persons at once, and then 20 a minute', async () => {
    const other = await startTestServer({ rateLimits: true, now: () => new Date(now) });
    let count = 0;
    const signIn = () =>
      fetch(`http://127.0.0.1:${other.port}/api/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ nick: `new${(count += 1)}` }),
      });
    assert.deepEqual(await askUntilRefused(signIn), [30, 3]);
    wait(60);
    assert.deepEqual(await askUntilRefused(signIn), [20, 3]);
    await other.remove();
  });

  it('has 2,000 streams and polls, whoever they are of', () => {
    const hub = new Hub({ heartbeatMs: 60_000, now: () => new Date(now), discretion: nobodyApart });
    const leave = Array.from({ length: 2_000 }, (_, n) => {
      const personId = `person ${n % 200}`;
      assert.ok(hub.hasRoomFor(personId, '192.0.2.1'));
      const stream = {} as unknown as EventStream;
      if (n % 2 === 0) return hub.joinPoll({ personId, tokenHash: '', address: '192.0.2.1', end() {} });
      const address = '192.0.2.1';
      const listener = { personId, tokenHash: '', pageId: undefined, address, stream, beatsLeft: 1 };
      hub.join(listener);
      return () => hub.leave(listener);
    });
    assert.equal(hub.hasRoomFor('somebody new', '192.0.2.1'), false);
    assert.equal(hub.hasRoomFor('somebody new', '192.0.2.2'), true);
    leave[0]!();
    assert.equal(hub.hasRoomFor('somebody new', '192.0.2.1'), true);
    for (const each of leave) each();
    hub.endAll(() => 0);
  });

  it('is the /64 of an IPv6 one, and the same in whatever form it comes', () => {
    const cases = [
      ['192.0.2.1', '192.0.2.1'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
      ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
      ['2001:db8::1', '2001:db8:0:0::/64'],
      ['::1', '0:0:0:0::/64'],
      ['fe80::1%eth0', 'fe80:0:0:0::/64'],
      ['', ''],
      [undefined, 'unknown'],
    ] as const;
    for (const [address, counted] of cases) assert.equal(countedAs(address), counted, address);
  });
});

describe('the buckets', () => {
  it('are swept when there are many, and go on counting who is not at rest', () => {
    const bucket = new RateLimit(limits.signIns);
    for (let n = 0; n < 60_000; n += 1) bucket.take(`address ${n}`, 1, n);
    for (let n = 1; n < 30; n += 1) assert.equal(bucket.take('address 59999', 1, 60_000), 0);
    assert.ok(bucket.take('address 59999', 1, 60_000) > 0);
  });
});
