/** What a device has stored, read from outside the app; and its clockwork, set so that one thing can be tried alone. */
import type { BrowserContext, CDPSession, Page, Worker } from 'playwright/test';
import { expect } from 'playwright/test';

type StoreName = 'outbox' | 'drafts' | 'messages' | 'meta';

/**
 * All rows of a store in the signed-in person's database; none while there is no such database, or no answer. The page
 * need not be ours, but of our origin.
 */
export function readStore<Row = Record<string, unknown>>(page: Page, store: StoreName): Promise<Row[]> {
  return page.evaluate((name) => {
    const look = async (): Promise<unknown[]> => {
      const all = await indexedDB.databases();
      const found = all.find((database) => /^opentalk-[0-9a-f]{8}-/.test(database.name ?? ''));
      if (!found) return [];
      return new Promise<unknown[]>((resolve, reject) => {
        const opening = indexedDB.open(found.name!);
        // Deleted since it was listed: whoever only looks must not make it anew.
        let isGone = false;
        opening.onupgradeneeded = () => {
          isGone = true;
          opening.transaction!.abort();
        };
        opening.onerror = () => (isGone ? resolve([]) : reject(new Error('The database does not open.')));
        opening.onsuccess = () => {
          const request = opening.result.transaction(name).objectStore(name).getAll();
          request.onsuccess = () => {
            resolve(request.result);
            opening.result.close();
          };
        };
      });
    };
    // Cleared under the look, none of these ever answers in Chromium, the list of databases either; whoever asks looks again.
    const noAnswer = new Promise<unknown[]>((resolve) => setTimeout(() => resolve([]), 3_000));
    return Promise.race([look(), noAnswer]);
  }, store) as Promise<Row[]>;
}

/** One message is there; from now on there are so many in its conversation, with these texts, as after years. */
export async function fillConversation(
  page: Page,
  count: number,
  textOf: (seq: number) => string,
): Promise<void> {
  await page.evaluate(
    async (texts) => {
      const found = await indexedDB.databases();
      const name = found.map((each) => each.name!).find((each) => /^opentalk-[0-9a-f-]{36}$/.test(each))!;
      const done = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error!);
        });
      const db = await done(indexedDB.open(name));
      const reading = db.transaction(['messages', 'conversations']);
      const [first] = await done(reading.objectStore('messages').getAll());
      const [conversation] = await done(reading.objectStore('conversations').getAll());
      const writing = db.transaction(['messages', 'conversations'], 'readwrite');
      for (const [index, text] of texts.entries()) {
        const seq = index + 2;
        const acceptedAt = new Date(Date.parse(first.acceptedAt) + seq).toISOString();
        const row = { ...first, id: crypto.randomUUID(), text, seq, place: seq, acceptedAt };
        writing.objectStore('messages').put(row);
      }
      await done(writing.objectStore('conversations').put({ ...conversation, lastSeq: texts.length + 1 }));
      db.close();
      new BroadcastChannel('opentalk-changes').postMessage(['conversations', `thread:${first.peerId}`]);
    },
    Array.from({ length: count - 1 }, (_, index) => textOf(index + 2)),
  );
}

export async function queuedTexts(page: Page): Promise<string[]> {
  return (await readStore<{ text: string }>(page, 'outbox')).map(({ text }) => text);
}

/** Puts the timer's next try far off, as after a long time without network: only news can then lead to a try. */
export async function putOffNextTry(page: Page): Promise<void> {
  // A flush that is under way would set the time anew.
  await page.evaluate(async () => {
    const { held } = await navigator.locks.query();
    const name = held!.concat().find((lock) => lock.name?.startsWith('stream-'))!.name!;
    const all = await indexedDB.databases();
    const found = all.find((database) => database.name === name.replace('stream-', 'opentalk-'))!;
    await navigator.locks.request(name.replace('stream-', 'outbox-'), async () => {
      await new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open(found.name!);
        opening.onerror = () => reject(new Error('The database does not open.'));
        opening.onsuccess = () => {
          const tx = opening.result.transaction('meta', 'readwrite');
          const now = Date.now();
          const state = {
            failures: 6,
            nextTryAt: now + 59_000,
            holdUntil: 0,
            batchLimit: 100,
            why: 'offline',
          };
          tx.objectStore('meta').put(state, 'flush');
          tx.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      });
      new BroadcastChannel('opentalk-changes').postMessage(['outbox']);
    });
  });
}

/** The browser's view of the service worker, to stop it, or to say for the browser that the network is back. */
export class WorkerTools {
  readonly #devtools: CDPSession;
  #registrationId: string | undefined;

  private constructor(devtools: CDPSession) {
    this.#devtools = devtools;
  }

  static async attach(page: Page): Promise<WorkerTools> {
    const devtools = await page.context().newCDPSession(page);
    const tools = new WorkerTools(devtools);
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      for (const registration of registrations) {
        if (!registration.isDeleted) tools.#registrationId = registration.registrationId;
      }
    });
    await devtools.send('ServiceWorker.enable');
    await expect.poll(() => tools.#registrationId).toBeTruthy();
    return tools;
  }

  async stop(): Promise<void> {
    await this.#devtools.send('ServiceWorker.stopAllWorkers');
  }

  async dispatchSync(origin: string, lastChance: boolean): Promise<void> {
    const registrationId = this.#registrationId!;
    await this.#devtools.send('ServiceWorker.dispatchSyncEvent', {
      origin,
      registrationId,
      tag: 'outbox',
      lastChance,
    });
  }
}

/** From now on the page stands still in the middle of its so many'th change of a database: there it can be ended. */
export async function stopAtWrite(page: Page, writes: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Debugger.enable');
  await page.evaluate((most) => {
    let left = most;
    for (const name of ['add', 'put', 'delete'] as const) {
      const really = IDBObjectStore.prototype[name] as (...input: unknown[]) => IDBRequest;
      Object.assign(IDBObjectStore.prototype, {
        [name](this: IDBObjectStore, ...input: unknown[]) {
          const request = really.apply(this, input);
          left -= 1;
          // oxlint-disable-next-line no-debugger -- this is where it stands still
          if (left === 0) debugger;
          return request;
        },
      });
    }
  }, writes);
}

/** In the page and in the worker: a browser without Background Sync. Before the app is loaded. */
export async function takeAwaySync(context: BrowserContext): Promise<void> {
  await everywhere(context, () => {
    Reflect.deleteProperty(ServiceWorkerRegistration.prototype, 'sync');
    Reflect.deleteProperty(globalThis, 'SyncManager');
  });
}

/** Keeps what page and worker put on the app's icon. Before the app is loaded. */
export async function watchBadge(context: BrowserContext): Promise<void> {
  await everywhere(context, () => {
    const shown: number[] = [];
    const show = (count: number) => {
      shown.push(count);
      return Promise.resolve();
    };
    Object.assign(globalThis, { shown });
    Object.defineProperty(navigator, 'setAppBadge', { value: show });
    Object.defineProperty(navigator, 'clearAppBadge', { value: () => show(0) });
  });
}

/** The number that was last put on the app's icon from there; 0 for none. */
export function badgeOf(place: Page | Worker): Promise<number | undefined> {
  const read = () => (globalThis as unknown as { shown: number[] }).shown.at(-1);
  return 'context' in place ? place.evaluate(read) : place.evaluate(read);
}

async function everywhere(context: BrowserContext, script: () => void): Promise<void> {
  await context.addInitScript(script);
  for (const worker of context.serviceWorkers()) await worker.evaluate(script);
  context.on('serviceworker', (worker) => void worker.evaluate(script).catch(() => undefined));
}
