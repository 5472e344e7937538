/** The worker's flush: of whoever is signed in on this device, by the module that the page uses too. */
import { showBadge } from '../client/store/badge.ts';
import { Database } from '../client/store/database.ts';
import { readIdentity } from '../client/store/device.ts';
import { flushOutbox, standBy, type FlushEnd } from '../client/store/flush-outbox.ts';
import type { FlushRequest } from '../client/store/flush-turn.ts';
import { hasNothingQueued } from '../client/store/outbox.ts';

declare const self: ServiceWorkerGlobalScope;

export const syncTag = 'outbox';

/** The first request after a network came back fails most of all, and the browser itself comes again in minutes only. */
const triesOfSyncAfterMs = [0, 1_000, 3_000, 10_000];

interface SyncRegistration extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> };
}

let open: Database | undefined;

/** A flush that a page asked for, or that a start of the worker is reason enough for. */
export async function flushOnce(request: FlushRequest = {}): Promise<FlushEnd | undefined> {
  const db = await openMine();
  if (!db) {
    request.onBegun?.();
    return undefined;
  }
  try {
    const end = await flushOutbox(db, undefined, request);
    // The page may be gone before the next try; the browser will know of it.
    if (end?.kind === 'later') await askForSync();
    return end;
  } finally {
    await showBadge(db);
  }
}

/** For Background Sync, which takes a rejection as the wish to be tried again. */
export async function flushOrReject(): Promise<void> {
  const db = await openMine();
  if (!db) return;
  try {
    for (const delayMs of triesOfSyncAfterMs) {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const end = await flushOutbox(db);
      // Another one flushes already: behind it.
      if (!end) await standBy(db);
      if (end ? end.kind !== 'later' : await hasNothingQueued(db)) return;
    }
    throw new Error('Not everything could be sent yet.');
  } finally {
    await showBadge(db);
  }
}

/** Tried again by the browser, with or without a page. Only asked for while a page is open; it was, if it had to be. */
export async function askForSync(): Promise<void> {
  try {
    await (self.registration as SyncRegistration).sync?.register(syncTag);
  } catch (error) {
    console.info('no Background Sync', error);
  }
}

async function openMine(): Promise<Database | undefined> {
  const me = await readIdentity();
  if (!me) return undefined;
  if (open?.personId !== me.id) {
    await open?.close();
    open = new Database(me.id);
  }
  return open;
}
