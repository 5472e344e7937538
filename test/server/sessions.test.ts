/** A session is good until it ends, and not a moment longer, whoever asks just then. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import express from 'express';
import { eventRoutes } from '../../server/http/events.ts';
import type { Parts } from '../../server/http/parts.ts';
import { Sessions } from '../../server/http/sessions.ts';
import { Hub } from '../../server/realtime/hub.ts';
import type { EventStore, StoredPerson } from '../../server/store/event-store.ts';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { nobodyApart, nobodyBanned } from '../support/nobody-apart.ts';

let server: TestServer;
let url: string;
before(async () => {
  server = await startTestServer();
  url = `http://127.0.0.1:${server.port}`;
});
after(() => server.remove());

const person: StoredPerson = { id: 'id-of-ann', nick: 'ann', lastSeen: null };
const endSession = (of: ApiPerson) => of.request('/api/session', { method: 'DELETE' });

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
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<string>();
    const store = {
      personOfSession: async () => person,
      head: () => {
        asked.resolve();
        return answer.promise;
      },
    } as unknown as EventStore;
    const sessions = new Sessions(store, undefined, nobodyBanned);
    const hub = new Hub({ heartbeatMs: 1_000, now: () => new Date(), discretion: nobodyApart });
    const { token, tokenHash } = sessions.newToken();
    const parts = { config: { rateLimits: false }, now: () => new Date(), store, sessions, hub };
    const listening = createServer(express().use(eventRoutes(parts as unknown as Parts)));
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));

    const { port } = listening.address() as AddressInfo;
    const client = new ApiPerson(`http://127.0.0.1:${port}`, `ot=${token}`, { ...person, online: true });
    const opening = SseReader.open(client);
    await asked.promise;
    sessions.end(tokenHash);
    hub.endSession(tokenHash);
    answer.resolve('e.0.000000000000');
    assert.equal(await (await opening).next(), undefined);
    listening.close();
    hub.endAll(() => 0);
  });

  it('does not come back by who asked the store before it ended', async () => {
    const asked = Promise.withResolvers<StoredPerson>();
    const store = { personOfSession: () => asked.promise } as unknown as EventStore;
    const sessions = new Sessions(store, undefined, nobodyBanned);
    const { token, tokenHash } = sessions.newToken();
    const request = { headers: { cookie: `ot=${token}` }, socket: {} } as unknown as IncomingMessage;

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
