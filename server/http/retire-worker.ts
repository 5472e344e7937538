/**
 * The emergency exit of the service worker: what `/sw.js` is while SERVICE_WORKER=off. It takes the place of the worker
 * that went wrong, at once, deletes the app's files from the browser, and takes itself away. IndexedDB is not touched:
 * what waits in the outbox is sent by the page, which goes on working online.
 */
export const retiringWorker = `
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(retire()));
async function retire() {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
}
`;

/** How a page hears that it must not register one. (The page that a worker's cache still had does, a last time.) */
export const noWorkerMark = '<meta name="service-worker" content="off" />';
