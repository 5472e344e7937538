/**
 * The service worker: event listeners only. It keeps the app's files for offline starts, and sends what waits when the
 * network is back, also with no page open. It never answers /api.
 */
import { askForSync, flushOnce, flushOrReject, syncTag } from './flush.ts';
import { readMessage } from './messages.ts';
import type { PrecacheEntry } from './precache.ts';
import { serveFiles } from './serve-files.ts';
import { takeOver } from './take-over.ts';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: PrecacheEntry[] };

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
  readonly lastChance: boolean;
}

// The name is what workbox-build's injectManifest looks for; it writes the list in its place.
serveFiles(self.__WB_MANIFEST);

self.addEventListener('activate', (event) => {
  // The first page is served without a worker; from now on it has one.
  event.waitUntil(self.clients.claim());
  // Not waited for: pages would get no answer until then.
  flushOnce().catch((error: unknown) => console.error(error));
});

self.addEventListener('message', (event) => {
  const message = readMessage(event.data);
  const [port] = event.ports;
  switch (message?.type) {
    case 'SKIP_WAITING':
      return event.waitUntil(
        takeOver(message.onlyIfAlone ?? false).then((taken) => port?.postMessage(taken)),
      );
    case 'flush':
      // What is not sent now is kept, and its page's timer asks again.
      return event.waitUntil(
        flushOnce({ onlyIfDue: message.onlyIfDue ?? false, onBegun: () => port?.postMessage('begun') }),
      );
    case undefined:
  }
});

self.addEventListener('sync', (event) => {
  const { tag, lastChance } = event as SyncEvent;
  if (tag !== syncTag) return;
  // Asked for anew during the last try, it is not the last; and if not, the next start of the app sends.
  if (lastChance) (event as SyncEvent).waitUntil(askForSync());
  (event as SyncEvent).waitUntil(flushOrReject());
});
