import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
    for (const address of ['/', '/people', '/c/ann', '/c/ann.b', '/c/Книжный.клуб']) {
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
    for (const address of ['/assets/sw.js', '/c/sw.js', '/sw.js/', '/SW.js']) {
      const other = await fetch(url + address);
      assert.doesNotMatch(other.headers.get('Content-Type') ?? '', /javascript/, address);
    }
  });

  it('lets no other script become a worker', async () => {
    const page = await (await fetch(url)).text();
    const [script] = page.match(/\/assets\/[\w-]+\.js/) ?? [];
    const headers = { 'Service-Worker': 'script' };
    assert.equal((await fetch(url + script)).status, 200);
    assert.equal((await fetch(url + script, { headers })).status, 404);
    assert.equal((await fetch(`${url}/sw.js`, { headers })).status, 200);
  });

  it('gives a worker what belongs to its own build, or nothing', async () => {
    const worker = await (await fetch(`${url}/sw.js`)).text();
    const entries = [...worker.matchAll(/"revision":"(\w+)","url":"([^"]+)"/g)];
    assert.ok(entries.length > 0);
    for (const [, revision, address] of entries) {
      const ask = (asked: string) => fetch(`${url}/${address}?__WB_REVISION__=${asked}`);
      assert.equal((await ask(revision!)).status, 200, address);
      assert.equal((await ask('0'.repeat(32))).status, 404, address);
    }
  });

  it('fences the worker in by a policy of its own, stricter than that of the page', async () => {
    const response = await fetch(`${url}/sw.js`);
    const policy = response.headers.get('Content-Security-Policy') ?? '';
    assert.match(policy, /^default-src 'none';connect-src 'self';/);
    assert.doesNotMatch(policy, /script-src|unsafe/);
  });

  it('has an etag for each compressed form, and says when nothing has changed', async () => {
    const tags = new Set<string>();
    for (const encoding of ['br', 'gzip', 'identity']) {
      const headers = { 'Accept-Encoding': encoding };
      const etag = (await fetch(`${url}/sw.js`, { headers })).headers.get('ETag')!;
      tags.add(etag);
      // As a browser asks.
      const asked = { ...headers, 'If-None-Match': etag, 'Cache-Control': 'max-age=0' };
      const again = await fetch(`${url}/sw.js`, { headers: asked });
      assert.equal(again.status, 304);
      assert.equal(again.headers.get('Cache-Control'), 'no-cache');
    }
    assert.equal(tags.size, 3);
  });

  it('does not show notes of the build, nor anything outside of its folder', async () => {
    for (const address of ['/.replaced.json', '/..%2fpackage.json', '/assets/..%2f..%2fpackage.json']) {
      assert.equal((await fetch(url + address)).status, 404, address);
    }
  });

  it('of a server that runs stays as it was at the start, whatever is built meanwhile', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'opentalk-page-'));
    cpSync(pageFolder, folder, { recursive: true });
    const other = await startTestServer({ pageFolder: folder });
    rmSync(folder, { recursive: true });
    for (const address of ['/', '/sw.js', '/icons/icon.svg']) {
      const [mine, theirs] = await Promise.all(
        [url, `http://127.0.0.1:${other.port}`].map(async (base) => (await fetch(base + address)).text()),
      );
      assert.equal(theirs, mine, address);
    }
    await other.remove();
  });

  it('takes the worker away where it is switched off, and tells new pages', async () => {
    const other = await startTestServer({ pageFolder, serviceWorker: false });
    const base = `http://127.0.0.1:${other.port}`;
    const worker = await fetch(`${base}/sw.js`, { headers: { 'Accept-Encoding': 'br' } });
    const script = await worker.text();
    assert.match(worker.headers.get('Content-Type') ?? '', /javascript/);
    assert.equal(worker.headers.get('Cache-Control'), 'no-cache');
    assert.match(script, /registration\.unregister\(\)/);
    assert.doesNotMatch(script, /indexedDB|fetch/);
    assert.match(await (await fetch(`${base}/c/ann`)).text(), /<meta name="service-worker" content="off"/);
    assert.doesNotMatch(await (await fetch(url)).text(), /name="service-worker"/);
    await other.remove();
  });

  it('is not the answer for what is not there', async () => {
    for (const address of ['/api/nothing', '/assets/app-OLD.js', '/nothing.png']) {
      assert.equal((await fetch(url + address)).status, 404, address);
    }
  });
});
