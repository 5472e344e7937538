/** A session is good until it ends, and not a moment longer, whoever asks just then. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Request } from 'express';
import { Sessions } from '../../server/http/sessions.ts';
import type { EventStore, StoredPerson } from '../../server/store/event-store.ts';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

let server: TestServer;
let url: string;
before(async () => {
  server = await startTestServer();
  url = `http://127.0.0.1:${server.port}`;
});
after(() => server.remove());

const endSession = (person: ApiPerson) => person.request('/api/session', { method: 'DELETE' });

describe('a session that has ended', () => {
  it('is nobody’s, and its streams end within a second', async () => {
    const ann = await ApiPerson.signIn(url, 'ann');
    const stream = await SseReader.open(ann);
    await stream.nextOf('heartbeat');
    await endSession(ann);
    const endedAt = performance.now();
    while (await stream.next());
    assert.ok(performance.now() - endedAt < 1_000);
    for (const path of [
      '/api/session',
      '/api/sync',
      '/api/events',
      '/api/people',
      '/api/messages?with=ann',
    ]) {
      assert.equal((await ann.request(path)).status, 401, path);
    }
  });

  it('opens no stream that was asked for in the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      const person = await ApiPerson.signIn(url, `moment${round}`);
      const opening = Array.from({ length: 10 }, () => SseReader.open(person));
      await endSession(person);
      for (const stream of await Promise.all(opening)) {
        if (stream.response.status === 200) while (await stream.next());
        else assert.equal(stream.response.status, 401);
      }
      assert.equal((await person.request('/api/session')).status, 401);
    }
  });

  it('does not come back by who asked the store before it ended', async () => {
    const person: StoredPerson = { id: 'id-of-ann', nick: 'ann', lastSeen: null };
    const asked = Promise.withResolvers<StoredPerson>();
    const store = { personOfSession: () => asked.promise } as unknown as EventStore;
    const sessions = new Sessions(store, undefined);
    const { token, tokenHash } = sessions.newToken();
    const request = { get: () => `ot=${token}`, secure: false } as unknown as Request;

    const finding = sessions.find(request);
    sessions.end(tokenHash);
    asked.resolve(person);
    assert.equal(await finding, undefined);
    assert.equal(await sessions.find(request), undefined);
  });
});

describe('who guesses a session', () => {
  it('learns nothing from the answer, nor from the time it takes', async () => {
    const gone = await ApiPerson.signIn(url, 'gone');
    await endSession(gone);
    // So that it is looked up like any other, and not known from memory.
    const again = await server.restart();
    const never = () => `ot=${randomBytes(32).toString('base64url')}`;
    const ask = async (cookie: string) => {
      const began = performance.now();
      const response = await fetch(`${url}/api/session`, { headers: { Cookie: cookie } });
      const text = await response.text();
      return { ms: performance.now() - began, answer: `${response.status} ${text}` };
    };
    const ended: number[] = [];
    const unknown: number[] = [];
    const answers = new Set<string>();
    for (let n = 0; n < 400; n += 1) {
      const asked = [
        [gone.cookie, ended],
        [never(), unknown],
      ] as const;
      for (const [cookie, times] of n % 2 === 0 ? asked : asked.toReversed()) {
        const { ms, answer } = await ask(cookie);
        times.push(ms);
        answers.add(answer);
      }
    }
    assert.equal(answers.size, 1);
    const ratio = median(ended) / median(unknown);
    assert.ok(Math.max(ratio, 1 / ratio) <= 1.2, `${ratio}`);
    server = again;
  });
});

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
