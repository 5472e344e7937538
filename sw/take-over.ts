/**
 * A version that waits is taken into use: never under a flush, whose worker would be ended by it between sending and
 * hearing back. That would lose nothing, but it is not needed either.
 */
import { readIdentity } from '../client/store/device.ts';

declare const self: ServiceWorkerGlobalScope;

/** `onlyIfAlone` is for a page that was just opened: false if there is another one, which would be disturbed. */
export async function takeOver(onlyIfAlone: boolean): Promise<boolean> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (onlyIfAlone && pages.length > 1) return false;
  const me = await readIdentity();
  // The lock that a flush holds, in whichever version, worker or page.
  if (me) await navigator.locks.request(`outbox-${me.id}`, () => self.skipWaiting());
  else await self.skipWaiting();
  return true;
}
