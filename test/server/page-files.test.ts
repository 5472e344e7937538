import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');

describe('the built page', { skip: !existsSync(pageFolder) && 'not built yet: npm run build' }, () => {
  let server: TestServer;
  let url: string;

  before(async () => {
    server = await startTestServer({ pageFolder });
    url = `http://127.0.0.1:${server.port}`;
  });
  after(() => server.remove());

  it('is the answer to every address of the app, and is asked for anew each time', async () => {
    for (const address of ['/', '/people', '/c/ann']) {
      const response = await fetch(url + address);
      assert.equal(response.status, 200, address);
      assert.match(response.headers.get('Content-Type') ?? '', /^text\/html/);
      assert.equal(response.headers.get('Cache-Control'), 'no-cache');
    }
  });

  it('names scripts that are hashed, kept for ever, and compressed beforehand', async () => {
    const page = await (await fetch(url)).text();
    const scripts = page.match(/\/assets\/[\w-]+\.js/g) ?? [];
    assert.ok(scripts.length > 0);
    for (const script of scripts) {
      const response = await fetch(url + script, { headers: { 'Accept-Encoding': 'br' } });
      assert.equal(response.headers.get('Content-Encoding'), 'br');
      assert.match(response.headers.get('Cache-Control') ?? '', /max-age=31536000, immutable/);
    }
  });

  it('is fenced in: nothing from elsewhere, nothing inline but what the build put there', async () => {
    const response = await fetch(url);
    const policy = response.headers.get('Content-Security-Policy') ?? '';
    for (const directive of [
      "default-src 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types lit-html ot-sw',
    ]) {
      assert.ok(policy.includes(directive), directive);
    }
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(response.headers.get('X-Content-Type-Options'), 'nosniff');
    assert.equal(response.headers.get('Referrer-Policy'), 'no-referrer');
  });

  it('has a worker at one address only, which is asked for anew each time', async () => {
    const response = await fetch(`${url}/sw.js`);
    assert.equal(response.headers.get('Cache-Control'), 'no-cache');
    assert.equal(response.headers.get('Service-Worker-Allowed'), null);
  });

  it('is not the answer for what is not there', async () => {
    for (const address of ['/api/nothing', '/assets/app-OLD.js', '/nothing.png']) {
      assert.equal((await fetch(url + address)).status, 404, address);
    }
  });
});
