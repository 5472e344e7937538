/**
 * The app's files, kept whole for offline starts; one navigation answer for every address of the app.
 * Nothing else is ever cached, and /api is never touched: where the browser can be told so, it does not even ask, and a
 * worker that hangs or takes its time to start holds up no request.
 */
import { PrecacheController, type PrecacheEntry } from 'workbox-precaching';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] };

/** https://www.w3.org/TR/service-workers/#dom-installevent-addroutes, newer than the types. */
interface RoutingEvent extends ExtendableEvent {
  addRoutes?(rules: { condition: { urlPattern: { pathname: string } }; source: 'network' }[]): Promise<void>;
}

const shell = '/index.html';

export function servePrecached(): void {
  const files = new PrecacheController();
  // The name is what workbox-build's injectManifest looks for; it writes the list in its place.
  files.addToCacheList(self.__WB_MANIFEST);
  // Both say themselves what the browser has to wait for.
  self.addEventListener('install', (event) => {
    void files.install(event);
    passBy(event);
  });
  self.addEventListener('activate', (event) => void files.activate(event));

  const answerOf = new Map(
    files.getCachedURLs().map((address) => [address, files.createHandlerBoundToURL(address)]),
  );
  const shellAnswer = files.createHandlerBoundToURL(shell);

  self.addEventListener('fetch', (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.origin !== location.origin) return;
    if (/^\/(api\/|healthz)/.test(url.pathname)) return;
    const answer = answerOf.get(url.href) ?? (request.mode === 'navigate' ? shellAnswer : undefined);
    if (answer) event.respondWith(answer({ event, request, url }));
  });
}

function passBy(event: RoutingEvent): void {
  const added = event.addRoutes?.([{ condition: { urlPattern: { pathname: '/api/*' } }, source: 'network' }]);
  // Without it the worker lets them pass itself.
  if (added) event.waitUntil(added.catch((error: unknown) => console.info('no routes', error)));
}
