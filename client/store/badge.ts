/**
 * The number on the app's icon: what this device has yet to hand over, queued or failed. For page and worker.
 * Best effort: many browsers have none, and its failure must never be the failure of anything else.
 */
import type { Database } from './database.ts';

export async function showBadge(db: Database): Promise<void> {
  if (!('setAppBadge' in navigator)) return;
  try {
    const waiting = await db.read(['outbox'], (tx) => tx.objectStore('outbox').count());
    if (waiting > 0) await navigator.setAppBadge(waiting);
    else await navigator.clearAppBadge();
  } catch (error) {
    console.info('no badge', error);
  }
}

/** Nobody is signed in here any more. */
export function clearBadge(): void {
  if (!('clearAppBadge' in navigator)) return;
  navigator.clearAppBadge().catch((error: unknown) => console.info('no badge', error));
}
