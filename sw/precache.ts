/**
 * The app's files of one build, whole or not at all, in one cache that builds share: each file is kept under its address
 * and the hash of its content, so what did not change is not fetched again, and a worker never finds a file of another
 * build. It knows nothing of events; those are serve-files.ts.
 */

/** A file as the build lists it. */
export interface PrecacheEntry {
  /** The path, from the root. */
  url: string;
  /** https://www.w3.org/TR/SRI/: what is no file of ours, like a captive portal's page, is refused. */
  integrity: string;
}

const cacheName = 'app-files';

export class Precache {
  /** Path → where it is kept. */
  readonly #keys: ReadonlyMap<string, string>;
  readonly #entries: readonly PrecacheEntry[];

  constructor(entries: readonly PrecacheEntry[]) {
    this.#entries = entries;
    this.#keys = new Map(entries.map((entry) => [entry.url, keyOf(entry)]));
  }

  has(path: string): boolean {
    return this.#keys.has(path);
  }

  /** Fetches what is not here yet. Rejects if any of it did not come: then this build is not taken into use. */
  async fill(): Promise<void> {
    const cache = await caches.open(cacheName);
    const kept = new Set((await cache.keys()).map(pathOf));
    const missing = this.#entries.filter((entry) => !kept.has(keyOf(entry)));
    const outcomes = await Promise.allSettled(missing.map((entry) => add(cache, entry)));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (!failure) return;
    // What came is there for the next try. But on a full device messages need the room more.
    if ((failure.reason as Error).name === 'QuotaExceededError') {
      await Promise.all(missing.map((entry) => cache.delete(keyOf(entry))));
    }
    throw failure.reason;
  }

  /** Deletes the files of all other builds, and the caches of earlier kinds of worker. */
  async deleteOthers(): Promise<void> {
    const others = (await caches.keys()).filter((name) => name !== cacheName);
    await Promise.all(others.map((name) => caches.delete(name)));
    const cache = await caches.open(cacheName);
    const wanted = new Set(this.#keys.values());
    const old = (await cache.keys()).filter((request) => !wanted.has(pathOf(request)));
    await Promise.all(old.map((request) => cache.delete(request)));
  }

  /** One of the files, or undefined where the browser has lost it. */
  async find(path: string): Promise<Response | undefined> {
    try {
      return await caches.match(this.#keys.get(path)!, { cacheName });
    } catch (error) {
      console.error(error); // the network may still have it
      return undefined;
    }
  }
}

async function add(cache: Cache, { url, integrity }: PrecacheEntry): Promise<void> {
  // The name of an asset says its content, and the page has just loaded it; everything else is asked for anew.
  const mode = url.startsWith('/assets/') ? 'default' : 'no-cache';
  // The page has just come from /, where it is the same file, so nothing but `unchanged` need come.
  const address = url === '/index.html' ? '/' : url;
  const response = await fetch(address, { integrity, cache: mode, redirect: 'error' });
  await cache.put(keyOf({ url, integrity }), response);
}

const keyOf = ({ url, integrity }: PrecacheEntry) => `${url}?${integrity}`;

function pathOf(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}
