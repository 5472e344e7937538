/** A device that keeps to the contract loses nothing to the server's limits: it is told when to come back, and then it is taken. */
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { closeChanges } from '../../client/store/changes.ts';
import { Database } from '../../client/store/database.ts';
import { flushOutbox } from '../../client/store/flush-outbox.ts';
import { enqueueMessage } from '../../client/store/outbox.ts';
import { submitMessages } from '../../client/store/submit-messages.ts';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { textsBetween } from '../support/steady-device.ts';

let server: TestServer;
let url: string;
/** The clock of the server and of the device. */
let now = Date.parse('2026-01-01T00:00:00Z');

before(async () => {
  server = await startTestServer({ rateLimits: true, now: () => new Date(now) });
  url = `http://127.0.0.1:${server.port}`;
});
after(async () => {
  closeChanges();
  await server.remove();
});

describe('an honest outbox', () => {
  it('sends a thousand messages that queued up, in order, each once, and waits when it is told to', async (t) => {
    const ann = await ApiPerson.signIn(url, 'ann');
    const bob = await ApiPerson.signIn(url, 'bob');
    const db = new Database(ann.me.id);
    const texts = Array.from({ length: 1_000 }, (_, n) => `message ${n}`);
    for (const text of texts) {
      const composedAt = new Date(now).toISOString();
      await enqueueMessage(db, { id: randomUUID(), me: ann.me, peer: bob.me, text, composedAt });
    }

    const statuses: number[] = [];
    const request = async (path: string | URL | Request, init?: RequestInit) => {
      const response = await fetch(new URL(path as string, url), {
        ...init,
        headers: { ...(init!.headers as Record<string, string>), Cookie: ann.cookie },
      });
      statuses.push(response.status);
      return response;
    };
    const tools = {
      submit: (drafts: Parameters<typeof submitMessages>[0], as: string) =>
        submitMessages(drafts, as, undefined, request),
      now: () => now,
      random: () => 0,
      sleep: async (ms: number) => void (now += ms),
    };
    const began = now;
    for (;;) {
      const end = await flushOutbox(db, tools);
      if (end?.kind === 'drained') break;
      assert.equal(end?.kind, 'later');
      now = end.tryAt;
    }
    assert.deepEqual(await textsBetween(bob, ann), texts);
    const told = statuses.filter((status) => status === 429).length;
    t.diagnostic(
      `${statuses.length} requests, ${told} told to wait, ${(now - began) / 1_000} s by the clock`,
    );
    assert.ok(statuses.every((status) => status === 200 || status === 429));
    // A bucket of 200, then 5 a second; nobody waits longer than that.
    assert.ok(now - began <= 170_000, `${now - began} ms`);
    assert.ok(told <= 10, 'it comes back when it was told to, and then it is taken');
  });
});
