/**
 * The service worker: event listeners only. It keeps the app's files for offline starts, and sends what waits when the
 * network is back, also with no page open. It never answers /api.
 */
import { askForSync, flushOnce, flushOrReject, syncTag } from './flush.ts';
import { servePrecached } from './precache.ts';

declare const self: ServiceWorkerGlobalScope;

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
  readonly lastChance: boolean;
}

servePrecached();

self.addEventListener('activate', (event) => {
  // The first page is served without a worker; from now on it has one.
  event.waitUntil(self.clients.claim());
  // Not waited for: pages would get no answer until then.
  flushOnce().catch((error: unknown) => console.error(error));
});

self.addEventListener('message', (event) => {
  const { data, ports } = event;
  if (data?.type === 'SKIP_WAITING') event.waitUntil(self.skipWaiting());
  if (data?.type !== 'flush') return;
  // What is not sent now is kept, and its page's timer asks again.
  event.waitUntil(
    flushOnce({ onlyIfDue: data.onlyIfDue === true, onBegun: () => ports[0]?.postMessage('begun') }),
  );
});

self.addEventListener('sync', (event) => {
  const { tag, lastChance } = event as SyncEvent;
  if (tag !== syncTag) return;
  // Asked for anew during the last try, it is not the last; and if not, the next start of the app sends.
  if (lastChance) (event as SyncEvent).waitUntil(askForSync());
  (event as SyncEvent).waitUntil(flushOrReject());
});
