import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

let server: TestServer;
let ann: ApiPerson;
let bob: ApiPerson;

before(async () => {
  server = await startTestServer({ heartbeatMs: 1_000, graceMs: 50 });
  const url = `http://127.0.0.1:${server.port}`;
  ann = await ApiPerson.signIn(url, 'ann');
  bob = await ApiPerson.signIn(url, 'bob');
});
after(() => server.remove());

describe('the event stream', () => {
  it('begins with ack, whose id is the head if no position was given', async () => {
    const stream = await SseReader.open(bob);
    assert.equal(stream.response.headers.get('Content-Type'), 'text/event-stream; charset=utf-8');
    assert.equal(stream.response.headers.get('Cache-Control'), 'no-store, no-transform');
    assert.equal(stream.response.headers.get('X-Accel-Buffering'), 'no');
    const ack = await stream.next();
    assert.equal(ack?.event, 'ack');
    assert.equal(ack.id, (await bob.sync()).cursor);
    assert.equal(ack.data['resumed'], false);
    assert.equal(ack.data['heartbeat'], 1);
    assert.equal(stream.retryMs, 500);
    stream.close();
  });

  it('gives every later event of the inbox once, in order, then a heartbeat: caught up', async () => {
    const start = (await bob.sync()).cursor;
    const texts = Array.from({ length: 450 }, (_, index) => `missed ${index}`);
    for (let from = 0; from < texts.length; from += 90) {
      await ann.send(...texts.slice(from, from + 90).map((text) => ann.draft(bob, text)));
    }
    const stream = await SseReader.open(bob, `?after=${start}`);
    const got: unknown[] = [];
    for (let event = await stream.next(); event?.event !== 'heartbeat'; event = await stream.next()) {
      if (event?.event === 'inbox') got.push(event.data['text']);
    }
    assert.deepEqual(got, texts);
    await ann.send(ann.draft(bob, 'live'));
    assert.equal((await stream.nextOf('inbox')).data['text'], 'live');
    stream.close();
  });

  it('goes on after Last-Event-ID; where the address has a position too, the header wins', async () => {
    const start = (await bob.sync()).cursor;
    await ann.send(ann.draft(bob, 'first'), ann.draft(bob, 'second'));
    const { events } = await bob.events(start);
    const stream = await SseReader.open(bob, `?after=${start}`, { 'Last-Event-ID': events[0]!.id });
    assert.equal((await stream.next())?.data['resumed'], true);
    assert.equal((await stream.nextOf('inbox')).data['text'], 'second');
    stream.close();
  });

  it('takes an empty position for none', async () => {
    const stream = await SseReader.open(bob, '?after=', { 'Last-Event-ID': '' });
    assert.equal((await stream.next())?.data['resumed'], false);
    stream.close();
  });

  it('says reset, never silence and never others’ events, to a cursor that is no good', async () => {
    const mine = (await bob.sync()).cursor;
    const others = (await ann.sync()).cursor;
    const [epoch, position, tag] = mine.split('.') as [string, string, string];
    const cases: [string, string][] = [
      ['garbage', 'invalid'],
      [`zzzz.${position}.${tag}`, 'epoch'],
      [`${epoch}.${Number(position) + 1_000}.${tag}`, 'restored'],
      [`${epoch}.${position}.${'0'.repeat(12)}`, 'restored'],
      [others, 'restored'],
      [`${epoch}.${Number.MAX_SAFE_INTEGER}.${tag}`, 'restored'],
    ];
    for (const [cursor, reason] of cases) {
      const stream = await SseReader.open(bob, `?after=${encodeURIComponent(cursor)}`);
      const reset = await stream.nextOf('reset');
      assert.deepEqual([reset.data['reason'], reset.id], [reason, (await bob.sync()).cursor], cursor);
      await ann.send(ann.draft(bob, 'after the reset'));
      assert.equal((await stream.nextOf('inbox')).data['text'], 'after the reset');
      stream.close();
    }
  });

  it('beats, as a real event', async () => {
    const stream = await SseReader.open(bob);
    await stream.nextOf('heartbeat');
    const second = await stream.nextOf('heartbeat');
    assert.ok(Date.parse(second.data['now'] as string));
    stream.close();
  });

  it('tells presence and typing to who listens, without an id', async () => {
    const stream = await SseReader.open(bob);
    await stream.nextOf('heartbeat');
    const anns = await SseReader.open(ann);
    const isAnn = async (online: boolean) => {
      for (;;) {
        const { data, id } = await stream.nextOf('person');
        assert.equal(id, undefined);
        if (data['nick'] === 'ann' && data['online'] === online) return;
      }
    };
    await isAnn(true);
    await ann.request('/api/typing', { json: { to: 'bob' } });
    assert.deepEqual((await stream.nextOf('typing')).data, { from: 'ann', to: 'bob' });
    anns.close();
    await isAnn(false);
    const { people } = (await (await bob.request('/api/people?search=AN')).json()) as {
      people: { nick: string; online: boolean; lastSeen: string | null }[];
    };
    assert.deepEqual(
      people.map(({ nick, online }) => [nick, online]),
      [['ann', false]],
    );
    assert.ok(people[0]!.lastSeen);
    stream.close();
  });

  it('ends the older stream of a page when that page opens a newer one', async () => {
    const page = randomUUID();
    const older = await SseReader.open(bob, `?stream=${page}`);
    await older.nextOf('heartbeat');
    const newer = await SseReader.open(bob, `?stream=${page}`);
    await newer.nextOf('ack');
    while (await older.next());
    newer.close();
  });

  it('does not refuse one stream too many: it is told to come back later', async () => {
    const gus = await ApiPerson.signIn(`http://127.0.0.1:${server.port}`, 'gus');
    const streams = await Promise.all(Array.from({ length: 20 }, () => SseReader.open(gus)));
    for (const stream of streams) await stream.nextOf('ack');
    const extra = await SseReader.open(gus);
    assert.equal(extra.response.status, 200);
    assert.equal(await extra.next(), undefined);
    for (const stream of streams) stream.close();
  });

  it('ends with the session', async () => {
    const hugo = await ApiPerson.signIn(`http://127.0.0.1:${server.port}`, 'hugo');
    const stream = await SseReader.open(hugo);
    await stream.nextOf('heartbeat');
    await hugo.request('/api/session', { method: 'DELETE' });
    while (await stream.next());
  });
});

describe('the long poll', () => {
  it('waits for news, and answers it with its cursor', async () => {
    const { cursor } = await bob.sync();
    const waiting = bob.events(cursor, 20);
    await ann.send(ann.draft(bob, 'polled'));
    const { events, cursor: next, more } = await waiting;
    assert.deepEqual(
      events.map(({ event, data }) => [event, (data as { text: string }).text]),
      [['inbox', 'polled']],
    );
    assert.deepEqual([next, more], [events[0]!.id, false]);
  });

  it('answers a cursor that is no good with a reset alone, and the head', async () => {
    const batch = await bob.events('garbage');
    const { cursor } = await bob.sync();
    assert.deepEqual(batch, {
      events: [{ id: cursor, event: 'reset', data: { reason: 'invalid' } }],
      cursor,
      more: false,
    });
  });

  it('is answered early when its session or the server ends, so that nobody waits for it', async () => {
    const other = await startTestServer();
    const url = `http://127.0.0.1:${other.port}`;
    const eve = await ApiPerson.signIn(url, 'eve');
    const leo = await ApiPerson.signIn(url, 'leo');
    const began = Date.now();
    const [ofEve, ofLeo] = [
      eve.events((await eve.sync()).cursor, 25),
      leo.events((await leo.sync()).cursor, 25),
    ];
    for (const person of [eve, leo]) while (!(await person.sync()).me.online);
    await eve.request('/api/session', { method: 'DELETE' });
    assert.deepEqual((await ofEve).events, []);
    await other.remove();
    assert.deepEqual((await ofLeo).events, []);
    assert.ok(Date.now() - began < 7_000);
  });
});

describe('a planned end', () => {
  it('is clean, says to come back at once, and loses nothing that comes meanwhile', async () => {
    const other = await startTestServer({ streamLifetimeMs: 100 });
    const url = `http://127.0.0.1:${other.port}`;
    const ina = await ApiPerson.signIn(url, 'ina');
    const jon = await ApiPerson.signIn(url, 'jon');
    const { cursor } = await jon.sync();
    const stream = await SseReader.open(jon, `?after=${cursor}`);
    while (await stream.next());
    assert.equal(stream.retryMs, 50);
    await ina.send(ina.draft(jon, 'between two streams'));
    const next = await SseReader.open(jon, '', { 'Last-Event-ID': cursor });
    assert.equal((await next.nextOf('inbox')).data['text'], 'between two streams');
    assert.equal(next.retryMs, 500, 'the next one takes it back');
    next.close();
    await other.remove();
  });
});

describe('a shutdown', () => {
  it('ends each stream cleanly with a time of its own to come back, and loses nothing that was accepted', async () => {
    const other = await startTestServer();
    const url = `http://127.0.0.1:${other.port}`;
    const ina = await ApiPerson.signIn(url, 'ina');
    const jon = await ApiPerson.signIn(url, 'jon');
    const stream = await SseReader.open(jon);
    await stream.nextOf('heartbeat');
    const sending = Promise.all(Array.from({ length: 50 }, (_, n) => ina.send(ina.draft(jon, `m${n}`))));
    const accepted = (await sending).flat().filter(({ status }) => status === 'accepted').length;
    const again = await other.restart();
    while (await stream.next());
    assert.ok(stream.retryMs! >= 1_000 && stream.retryMs! <= 8_000, `retry: ${stream.retryMs}`);
    assert.equal((await jon.history('ina')).length, accepted);
    await again.remove();
  });
});
