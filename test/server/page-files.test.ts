import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const workers = ['/sw.mjs', '/sw.js'];

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
    const scripts = page.match(/\/assets\/[\w-]+\.js\b(?!\.map)/g) ?? [];
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

  it('has a worker in two forms, which are asked for anew each time, and none elsewhere', async () => {
    for (const address of workers) {
      const response = await fetch(url + address);
      assert.match(response.headers.get('Content-Type') ?? '', /^text\/javascript/, address);
      assert.equal(response.headers.get('Cache-Control'), 'no-cache', address);
      assert.equal(response.headers.get('Service-Worker-Allowed'), null, address);
    }
    for (const address of ['/assets/sw.js', '/c/sw.js', '/sw.js/', '/SW.js']) {
      const other = await fetch(url + address);
      assert.doesNotMatch(other.headers.get('Content-Type') ?? '', /javascript/, address);
    }
  });

  it('lets no other script become a worker', async () => {
    const page = await (await fetch(url)).text();
    const [script] = page.match(/\/assets\/[\w-]+\.js\b/) ?? [];
    const headers = { 'Service-Worker': 'script' };
    assert.equal((await fetch(url + script)).status, 200);
    assert.equal((await fetch(url + script, { headers })).status, 404);
    for (const address of workers) assert.equal((await fetch(url + address, { headers })).status, 200);
  });

  it('gives a worker that names the files of its build by MD5, as earlier ones do, those or nothing', async () => {
    for (const address of ['/index.html', '/manifest.webmanifest', '/icons/icon.svg']) {
      const content = await (await fetch(url + address)).text();
      const revision = createHash('md5').update(content).digest('hex');
      const ask = (asked: string) => fetch(`${url}${address}?__WB_REVISION__=${asked}`);
      assert.equal((await ask(revision)).status, 200, address);
      assert.equal((await ask('0'.repeat(32))).status, 404, address);
    }
  });

  it('is known to its worker whole, by the hash of every file', async () => {
    for (const address of workers) {
      const worker = await (await fetch(url + address)).text();
      const files = [...worker.matchAll(/"integrity":"([^"]+)","url":"([^"]+)"/g)];
      const page = await (await fetch(url)).text();
      for (const script of page.match(/\/assets\/[\w-]+\.js\b(?!\.map)/g)!) {
        assert.ok(
          files.some(([, , file]) => file === script),
          script,
        );
      }
      for (const [, integrity, file] of files) {
        assert.equal((await fetch(url + file, { integrity: integrity! })).status, 200, file);
      }
    }
  });

  it('has the worker share its code: the form that is a module imports assets, the other one nothing', async () => {
    const [module, piece] = await Promise.all(
      workers.map(async (address) => (await fetch(url + address)).text()),
    );
    const imported = [...module!.matchAll(/from"\.(\/assets\/[\w-]+\.js)"/g)].map(([, file]) => file!);
    assert.ok(imported.length > 0);
    for (const file of imported) {
      const script = await (await fetch(url + file)).text();
      assert.doesNotMatch(script, /customElements|\bdocument\b/, `${file} is for pages`);
    }
    assert.doesNotMatch(piece!, /\bimport\b|importScripts/);
  });

  it('fences the worker in by a policy of its own, stricter than that of the page', async () => {
    const policyOf = async (address: string) =>
      (await fetch(url + address)).headers.get('Content-Security-Policy') ?? '';
    for (const address of workers) {
      assert.match(await policyOf(address), /^default-src 'none';connect-src 'self';/);
      assert.doesNotMatch(await policyOf(address), /unsafe|img-src|style-src/);
    }
    assert.match(await policyOf('/sw.mjs'), /script-src 'self';/);
    assert.doesNotMatch(await policyOf('/sw.js'), /script-src/);
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
    for (const address of workers) {
      const worker = await fetch(base + address, { headers: { 'Accept-Encoding': 'br' } });
      const script = await worker.text();
      assert.match(worker.headers.get('Content-Type') ?? '', /javascript/);
      assert.equal(worker.headers.get('Cache-Control'), 'no-cache');
      assert.match(script, /registration\.unregister\(\)/);
      assert.doesNotMatch(script, /indexedDB|fetch|import/);
    }
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
