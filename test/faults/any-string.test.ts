/** Any string where something else is expected: the answer is one of the contract's, and nothing is altered by it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sample } from 'fast-check';
import { problemStatus, type ProblemCode } from '../../server/protocol/problem.ts';
import { anyText, hostileTexts } from '../support/hostile-texts.ts';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

const perRequest = 100;
/** What a failure prints leads back to the same strings. */
const seed = Number(process.env['TEXT_SEED'] ?? Date.now() % 2 ** 31);

let server: TestServer;
let ann: ApiPerson;
let bob: ApiPerson;

before(async () => {
  server = await startTestServer();
  const url = `http://127.0.0.1:${server.port}`;
  ann = await ApiPerson.signIn(url, 'ann');
  bob = await ApiPerson.signIn(url, 'bob');
});
after(() => server.remove());

describe(`any string (TEXT_SEED=${seed})`, () => {
  const strings = sample(anyText, { numRuns: 400, seed }).concat(hostileTexts);
  /** As they stand in an address, which has less than 8 KiB. */
  const short = strings
    .map((text) => encodeURIComponent(text.toWellFormed()))
    .filter((value) => value !== '' && value.length < 6_000);

  /** Asks with each, some at a time, and wants one of these answers. */
  async function askAll<T>(values: readonly T[], ask: (value: T) => Promise<Response>, statuses: number[]) {
    for (let from = 0; from < values.length; from += 20) {
      await Promise.all(
        values.slice(from, from + 20).map(async (value) => {
          const response = await ask(value);
          const text = await response.text();
          assert.ok(
            statuses.includes(response.status),
            `${response.status} for ${JSON.stringify(value)}: ${text}`,
          );
          if (response.status < 400) return;
          const { code } = JSON.parse(text) as { code: ProblemCode };
          assert.equal(problemStatus[code], response.status, 'a code of ours, with its status');
        }),
      );
    }
  }

  it('as a nick: it is one, it is taken, or it is none', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const signIn = (nick: string) =>
      fetch(`${ann.baseUrl}/api/session`, { method: 'POST', headers, body: JSON.stringify({ nick }) });
    await askAll(strings, signIn, [201, 409, 422]);
  });

  it('as id, recipient or time of a message: it is judged by itself', async () => {
    for (const field of ['id', 'to', 'toId', 'composedAt'] as const) {
      for (let from = 0; from < strings.length; from += perRequest) {
        const values = strings.slice(from, from + perRequest);
        const results = await ann.send(...values.map((value) => ann.draft(bob, 'x', { [field]: value })));
        for (const [index, result] of results.entries()) {
          if (field === 'id') assert.equal(result.id, values[index]!);
          if (result.status === 'accepted') assert.equal(field, 'to', 'a nick that is somebody’s by now');
          else assert.ok(Object.hasOwn(problemStatus, result.error!.code));
        }
      }
    }
  });

  it('as the person of receipts or typing, or whose device it is', async () => {
    const post = (path: string, body: (value: string) => unknown) => (value: string) =>
      ann.request(path, { json: body(value) });
    const peer = (value: string) => ({ read: [{ with: value, withId: value, upTo: 1 }] });
    await askAll(strings, post('/api/receipts', peer), [204]);
    await askAll(
      strings,
      post('/api/receipts', (delivered) => ({ delivered })),
      [204, 400],
    );
    await askAll(
      strings,
      post('/api/typing', (to) => ({ to })),
      [204],
    );
    await askAll(
      strings,
      post('/api/typing', (as) => ({ to: 'bob', as })),
      [409],
    );
  });

  it('as a person who is looked for, a conversation, a cursor, or a parameter that nobody knows', async () => {
    const get = (path: string) => (value: string) =>
      ann.request(path.replace('%', value), { headers: { Accept: 'application/json' } });
    await askAll(short, get('/api/people?search=%'), [200]);
    await askAll(short, get('/api/messages?with=%'), [200, 404]);
    await askAll(short, get('/api/messages?with=bob&withId=%'), [404]);
    await askAll(short, get('/api/messages?with=bob&before=%'), [200, 400]);
    await askAll(short, get('/api/messages/digest?with=bob&from=%'), [200, 400]);
    await askAll(short, get('/api/sync?%=%&__proto__=x&hasOwnProperty=y'), [200]);
    await askAll(short, get('/api/events?after=%'), [200]);
  });

  it('as a cursor it leads to a reset, and never to events', async () => {
    for (const value of short.slice(0, 100)) {
      const { events } = await bob.events(decodeURIComponent(value));
      assert.deepEqual(
        events.map(({ event }) => event),
        ['reset'],
        value,
      );
    }
  });

  it('as a session it is nobody’s', async () => {
    const header = strings.map((text) => text.replaceAll(/[^\u0020-\u007e\u00a0-\u00ff]/g, '_'));
    const ask = (value: string) =>
      fetch(`${ann.baseUrl}/api/session`, { headers: { Cookie: `ot=${value.slice(0, 4_000)}` } });
    await askAll(header, ask, [401]);
  });

  it('nobody’s objects have changed by it', () => {
    assert.equal(Object.keys(Object.prototype).length, 0);
    assert.equal(({} as { pwn?: unknown }).pwn, undefined);
  });
});
