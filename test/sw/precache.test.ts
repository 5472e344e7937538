import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Precache, type PrecacheEntry } from '../../sw/precache.ts';
import { MemoryCaches } from '../support/memory-caches.ts';

/** What the server has, by path; a test changes it as a new build would. */
let served: Record<string, string>;
let asked: string[];
let server: Server;
let caches: MemoryCaches;
const really = { fetch: globalThis.fetch, caches: globalThis.caches };

beforeEach(async () => {
  served = { '/index.html': 'page 1', '/assets/app-1.js': 'app 1', '/icon.svg': 'icon' };
  asked = [];
  server = createServer((request, response) => {
    const file = request.url === '/' ? '/index.html' : request.url!;
    asked.push(file);
    const content = served[file];
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  caches = new MemoryCaches(base);
  globalThis.caches = caches as unknown as CacheStorage;
  globalThis.fetch = (address, init) => {
    const { integrity, redirect } = init!;
    return really.fetch(`${base}${address as string}`, { integrity: integrity!, redirect: redirect! });
  };
});
afterEach(async () => {
  Object.assign(globalThis, really);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The precache of a build with the files that the server has now. */
function build(...paths: string[]): Precache {
  const entries = paths.map((url): PrecacheEntry => {
    const hash = createHash('sha256').update(served[url]!).digest('base64');
    return { url, integrity: `sha256-${hash}` };
  });
  return new Precache(entries);
}
const first = () => build('/index.html', '/assets/app-1.js', '/icon.svg');
const text = async (files: Precache, path: string) => (await files.find(path))?.text();

/** A build after the first, of which the page and the script are new. */
function second(): Precache {
  served = { '/index.html': 'page 2', '/assets/app-2.js': 'app 2', '/icon.svg': 'icon' };
  return build('/index.html', '/assets/app-2.js', '/icon.svg');
}

describe('the files of the app', () => {
  it('are kept as the build made them', async () => {
    const files = first();
    await files.fill();
    assert.deepEqual(asked.toSorted(), ['/assets/app-1.js', '/icon.svg', '/index.html']);
    assert.equal(await text(files, '/index.html'), 'page 1');
    assert.equal(await text(files, '/assets/app-1.js'), 'app 1');
    assert.equal(files.has('/nothing.js'), false);
  });

  it('are fetched anew only where they changed, and the old ones stay until the new build is taken into use', async () => {
    const old = first();
    await old.fill();
    asked = [];
    const files = second();
    await files.fill();
    assert.deepEqual(asked.toSorted(), ['/assets/app-2.js', '/index.html']);
    assert.equal(await text(old, '/index.html'), 'page 1');
    assert.equal(await text(files, '/index.html'), 'page 2');

    await caches.open('workbox-precache-v2');
    await files.deleteOthers();
    assert.deepEqual(await caches.keys(), ['app-files']);
    assert.equal(caches.sizeOf('app-files'), 3);
    assert.equal(await text(old, '/index.html'), undefined);
    assert.equal(await text(files, '/icon.svg'), 'icon');
  });

  it('are not taken if one is missing; the next try fetches only what is missing', async () => {
    const files = second();
    delete served['/assets/app-2.js'];
    await assert.rejects(files.fill());
    served['/assets/app-2.js'] = 'app 2';
    asked = [];
    await files.fill();
    assert.deepEqual(asked, ['/assets/app-2.js']);
  });

  it('are not taken if one is of another build, or of a captive portal', async () => {
    const old = first();
    await old.fill();
    const files = second();
    for (const strange of ['page 3', '<h1>Welcome to the hotel</h1>', '']) {
      served['/index.html'] = strange;
      await assert.rejects(files.fill(), strange);
      assert.equal(await text(files, '/index.html'), undefined);
      assert.equal(await text(old, '/index.html'), 'page 1');
    }
  });

  it('are not taken if the device is full, and then take up no room', async () => {
    const old = first();
    await old.fill();
    const files = second();
    caches.most = 4;
    await assert.rejects(files.fill(), { name: 'QuotaExceededError' });
    assert.equal(caches.sizeOf('app-files'), 3);
    assert.equal(await text(old, '/assets/app-1.js'), 'app 1');
    caches.most = Infinity;
    await files.fill();
    assert.equal(await text(files, '/assets/app-2.js'), 'app 2');
  });

  it('are asked of the network where the browser has lost or cannot read them', async () => {
    const files = first();
    await files.fill();
    await caches.delete('app-files');
    assert.equal(await files.find('/index.html'), undefined);
    caches.match = () => Promise.reject(new DOMException('Broken.', 'UnknownError'));
    assert.equal(await files.find('/index.html'), undefined);
  });
});
