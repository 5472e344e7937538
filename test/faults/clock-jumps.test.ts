/** The server's clock is set an hour ahead, and an hour back: nobody is signed out, slowed down or put out of order. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

const hourMs = 3_600_000;

let aheadMs = 0;
let server: TestServer;
let ann: ApiPerson;
let bob: ApiPerson;

beforeEach(async () => {
  aheadMs = 0;
  server = await startTestServer({ rateLimits: true, now: () => new Date(Date.now() + aheadMs) });
  const url = `http://127.0.0.1:${server.port}`;
  ann = await ApiPerson.signIn(url, 'ann');
  bob = await ApiPerson.signIn(url, 'bob');
});
afterEach(() => server.remove());

async function say(text: string): Promise<void> {
  const [result] = await ann.send(ann.draft(bob, text));
  assert.equal(result!.status, 'accepted');
}

describe('a server whose clock jumps', () => {
  it('keeps the order, the sessions and the open streams', async () => {
    const stream = await SseReader.open(bob);
    await stream.nextOf('heartbeat');
    const jumps = [0, hourMs, 0, -hourMs, 0, hourMs, -hourMs];
    for (const [n, jump] of jumps.entries()) {
      aheadMs = jump;
      await say(`message ${n}`);
      const event = await stream.nextOf('inbox');
      assert.deepEqual([event.data['text'], event.data['seq']], [`message ${n}`, n + 1]);
      for (const person of [ann, bob]) assert.equal((await person.request('/api/session')).status, 200);
    }
    const texts = (await bob.history('ann')).map(({ text }) => text);
    assert.deepEqual(
      texts,
      jumps.map((_, n) => `message ${n}`),
    );
    stream.close();
  });

  it('still knows everybody, and every cursor, when it starts with another hour', async () => {
    await say('before');
    const { cursor } = await bob.sync();
    for (const jump of [-hourMs, hourMs]) {
      aheadMs = jump;
      server = await server.restart();
      for (const person of [ann, bob]) assert.equal((await person.request('/api/session')).status, 200);
      await say(`restarted at ${jump}`);
    }
    const { events } = await bob.events(cursor);
    assert.deepEqual(
      events.map(({ event, data }) => [event, (data as { text: string }).text]),
      [
        ['inbox', `restarted at ${-hourMs}`],
        ['inbox', `restarted at ${hourMs}`],
      ],
    );
  });

  it('makes nobody wait for the hour to pass again', async () => {
    aheadMs = hourMs;
    const many = () => Array.from({ length: 100 }, (_, n) => ann.draft(bob, `many ${n}`));
    const waitSeconds = async () => {
      const response = await ann.request('/api/messages', { json: { messages: many() } });
      return Number(response.headers.get('Retry-After'));
    };
    let waited = 0;
    while (waited === 0) waited = await waitSeconds();
    aheadMs = 0;
    assert.ok((await waitSeconds()) <= waited + 1, 'too long');
  });
});
