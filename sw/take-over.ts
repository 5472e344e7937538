/**
 * A version that waits is taken into use: never under a flush, whose worker would be ended by it between sending and
 * hearing back. That would lose nothing, but it is not needed either.
 */
import { readIdentity } from '../client/store/device.ts';

declare const self: ServiceWorkerGlobalScope;

/** A page that was closed or reloaded is counted a little longer. */
const goneWithinMs = 1_000;

/** `onlyIfAlone` is for a page that was just opened: false if there is another one, which would be disturbed. */
export async function takeOver(onlyIfAlone: boolean): Promise<boolean> {
  if (onlyIfAlone && !(await isOnePage())) {
    await new Promise((resolve) => setTimeout(resolve, goneWithinMs));
    if (!(await isOnePage())) return false;
  }
  const me = await readIdentity();
  // The lock that a flush holds, in whichever version, worker or page. It is not held any longer than it takes to ask:
  // the older worker, which may have a flush to end first, could wait for it.
  if (me) await navigator.locks.request(`outbox-${me.id}`, () => {});
  await self.skipWaiting();
  return true;
}

async function isOnePage(): Promise<boolean> {
  return (await self.clients.matchAll({ type: 'window', includeUncontrolled: true })).length <= 1;
}
