/**
 * The app's files, kept whole for offline starts; one navigation answer for every address of the app.
 * Nothing else is ever cached, and /api is never touched.
 */
import { createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] };

export function servePrecached(): void {
  // The name is what workbox-build's injectManifest looks for; it writes the list in its place.
  precacheAndRoute(self.__WB_MANIFEST);
  registerRoute(
    new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/api\//, /^\/healthz/] }),
  );
}
