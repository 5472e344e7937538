/**
 * The service worker: event listeners only. It keeps the app's files for offline starts, and sends what waits when the
 * network is back, also with no page open. It never answers /api.
 */
import { flushOnce } from './flush.ts';
import { servePrecached } from './precache.ts';

declare const self: ServiceWorkerGlobalScope;

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

servePrecached();

self.addEventListener('activate', (event) => {
  // The first page is served without a worker; from now on it has one.
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', (event) => {
  const { data, ports } = event;
  if (data?.type === 'SKIP_WAITING') event.waitUntil(self.skipWaiting());
  if (data?.type !== 'flush') return;
  ports[0]?.postMessage('begun');
  // What is not sent now is kept, and its page's timer asks again.
  event.waitUntil(flushOnce());
});

self.addEventListener('sync', (event) => {
  const { tag } = event as SyncEvent;
  if (tag === 'outbox') (event as SyncEvent).waitUntil(flushOrRetry());
});

async function flushOrRetry(): Promise<void> {
  const end = await flushOnce();
  // A rejection is how the browser knows that it has to try again.
  if (end?.kind === 'later') throw new Error('Not everything could be sent yet.');
}
