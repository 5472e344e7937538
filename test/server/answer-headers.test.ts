/** What stands above every answer: the cookies of a server behind HTTPS, the fence of a page, and what an answer says it is. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { call } from '../support/caller.ts';
import { RawClient } from '../support/raw-client.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

const pageFolder = mkdtempSync(path.join(tmpdir(), 'opentalk-page-'));
writeFileSync(path.join(pageFolder, 'index.html'), '<!doctype html><title>x</title>');
let server: TestServer;
before(async () => {
  server = await startTestServer({ pageFolder, publicUrl: 'https://chat.example.org' });
});
after(async () => {
  await server.remove();
  rmSync(pageFolder, { recursive: true });
});

const get = (address: string, headers: Record<string, string> = {}) =>
  call(server.port, { method: 'GET', path: address, headers });
const signIn = (nick: string) =>
  call(server.port, { method: 'POST', path: '/api/session', headers: {}, json: { nick } });

describe('over HTTPS', () => {
  it('the session is a cookie of this host alone, which no script reads and no other site sends', async () => {
    const [session, hint] = (await signIn('ann')).headers['set-cookie']!;
    const attributes = session!.split('; ');
    assert.match(attributes[0]!, /^__Host-ot=[\w-]{43}$/);
    for (const attribute of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict']) {
      assert.ok(attributes.includes(attribute), attribute);
    }
    assert.doesNotMatch(session!, /Domain/);
    assert.match(hint!, /^ot-known=1; .*Secure; SameSite=Strict$/);
  });
});

describe('a page', () => {
  it('loads from here alone, stands in no frame, and tells nobody where it is', async () => {
    const { headers } = await get('/c/ann');
    const directives = String(headers['content-security-policy']).split(';');
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ]) {
      assert.ok(directives.includes(directive), directive);
    }
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['x-content-type-options'], 'nosniff');
  });

  it('is asked for over HTTPS alone for a year, once it came so', async () => {
    const { headers } = await get('/');
    assert.equal(headers['strict-transport-security'], 'max-age=31536000');
  });
});

describe('an answer', () => {
  it('is taken for nothing else than it says, whatever was asked for and however', async () => {
    const cookie = (await signIn('eve')).headers['set-cookie']![0]!.split(';')[0]!;
    const paths = ['/', '/c/ann', '/nothing.js', '/healthz', '/api/session', '/api/nothing', '/api/sync'];
    for (const address of paths) {
      const { headers } = await get(address, { Cookie: cookie });
      assert.equal(headers['x-content-type-options'], 'nosniff', address);
    }
    const unreadable = {
      'what is no request': ['NONSENSE\r\n\r\n', 400],
      'headers without end': [`GET / HTTP/1.1\r\nHost: here\r\nX: ${'x'.repeat(10_000)}`, 431],
    } as const;
    for (const [name, [bytes, status]] of Object.entries(unreadable)) {
      const client = new RawClient(server.port);
      client.socket.write(bytes);
      await client.closes();
      assert.match(client.text, new RegExp(`^HTTP/1.1 ${status} `), name);
      assert.match(client.text, /X-Content-Type-Options: nosniff/, name);
    }
  });

  it('has no other in its middle, whatever comes meanwhile', async () => {
    const cookie = (await signIn('fay')).headers['set-cookie']![0]!.split(';')[0]!;
    const client = new RawClient(server.port);
    client.socket.write(`GET /api/events HTTP/1.1\r\nHost: here\r\nCookie: ${cookie}\r\n\r\n`);
    await client.hears('event: ack');
    client.socket.write('NONSENSE\r\n\r\n');
    await client.closes();
    assert.equal(client.text.match(/HTTP\/1\.1/g)?.length, 1);
  });

  it('says what it is, and in which encoding', async () => {
    const signedIn = await signIn('bob');
    const cookie = signedIn.headers['set-cookie']![0]!.split(';')[0]!;
    const problem = 'application/problem+json; charset=utf-8';
    const answers = [
      [signedIn, 'application/json; charset=utf-8'],
      [await get('/api/session'), problem],
      [await get('/api/nothing'), problem],
      [await get('/api/events', { Cookie: cookie }), 'text/event-stream; charset=utf-8'],
      [await get('/healthz'), 'application/json; charset=utf-8'],
      [await get('/'), 'text/html; charset=utf-8'],
    ] as const;
    for (const [{ headers }, type] of answers) assert.equal(headers['content-type'], type);
  });
});
