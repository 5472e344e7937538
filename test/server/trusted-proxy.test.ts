/** What a proxy says of whom it speaks for is believed of as many proxies as the operator has, and of nobody else. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { limits } from '../../server/http/rate-limit.ts';
import { call } from '../support/caller.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

let server: TestServer;
let count = 0;
afterEach(() => server.remove());

function signIn(headers: Record<string, string>) {
  const json = { nick: `somebody${(count += 1)}` };
  return call(server.port, { method: 'POST', path: '/api/session', headers, json });
}

/** One more than an address may, each with another address in its header. */
async function lastOfTooMany(forwardedFor: (n: number) => string): Promise<number> {
  for (let n = 0; n < limits.signIns.capacity; n += 1) {
    assert.equal((await signIn({ 'X-Forwarded-For': forwardedFor(n) })).status, 201);
  }
  return (await signIn({ 'X-Forwarded-For': forwardedFor(limits.signIns.capacity) })).status;
}

const still = { rateLimits: true, now: () => new Date('2026-01-01T00:00:00Z') };

describe('a forwarded address', () => {
  it('is nothing to a server without a proxy', async () => {
    server = await startTestServer(still);
    assert.equal(await lastOfTooMany((n) => `192.0.2.${n}`), 429);
  });

  it('is what the proxy added, and not what somebody wrote before it', async () => {
    server = await startTestServer({ ...still, trustProxy: 1 });
    assert.equal(await lastOfTooMany((n) => `192.0.2.${n}, 198.51.100.1`), 429);
    assert.equal((await signIn({ 'X-Forwarded-For': '192.0.2.1, 198.51.100.2' })).status, 201);
  });
});

describe('a forwarded protocol', () => {
  it('makes a cookie secure where there is a proxy, and nothing elsewhere', async () => {
    const headers = { 'X-Forwarded-Proto': 'https' };
    server = await startTestServer();
    assert.match((await signIn(headers)).headers['set-cookie']![0]!, /^ot=/);
    await server.remove();
    server = await startTestServer({ trustProxy: 1 });
    assert.match((await signIn(headers)).headers['set-cookie']![0]!, /^__Host-ot=.*Secure/);
  });
});
