/**
 * Answers for the app's files from the precache, and for every address of the app with its one page. Nothing else is ever
 * cached, and /api is never touched: where the browser can be told so, it does not even ask, and a worker that hangs or
 * takes its time to start holds up no request.
 */
import { Precache, type PrecacheEntry } from './precache.ts';

declare const self: ServiceWorkerGlobalScope;

/** https://www.w3.org/TR/service-workers/#dom-installevent-addroutes, newer than the types. */
interface RoutingEvent extends ExtendableEvent {
  addRoutes?(rules: { condition: { urlPattern: { pathname: string } }; source: 'network' }[]): Promise<void>;
}

const shell = '/index.html';

export function serveFiles(entries: readonly PrecacheEntry[]): void {
  const files = new Precache(entries);
  self.addEventListener('install', (event) => {
    event.waitUntil(files.fill());
    passBy(event);
  });
  self.addEventListener('activate', (event) => event.waitUntil(files.deleteOthers()));

  self.addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname, search } = new URL(request.url);
    if (request.method !== 'GET' || origin !== location.origin) return;
    if (/^\/(api\/|healthz)/.test(pathname)) return;
    const isFile = files.has(pathname) && search === '';
    if (!isFile && request.mode !== 'navigate') return;
    event.respondWith(answer(isFile ? pathname : shell));

    async function answer(path: string): Promise<Response> {
      return (await files.find(path)) ?? fetch(request);
    }
  });
}

function passBy(event: RoutingEvent): void {
  const added = event.addRoutes?.([{ condition: { urlPattern: { pathname: '/api/*' } }, source: 'network' }]);
  // Without it the worker lets them pass itself.
  if (added) event.waitUntil(added.catch((error: unknown) => console.info('no routes', error)));
}
