/**
 * What the page does so that the device keeps what it has: asks the browser to keep it, and lets old history go before
 * there is no room. Both are attempts: whether they work, nothing else waits for.
 */
import type { Database } from '../store/database.ts';
import { isUnderPressure, keepAlways, makeRoom, pruneHistory } from '../store/prune-history.ts';

const tidyEveryMs = 3_600_000;
let tidiedAt = -Infinity;

/**
 * Once a device, and only when there is something of the person's own to keep: some browsers ask the person, and on a
 * first visit nobody knows what for.
 */
export async function askToKeepStorage(): Promise<void> {
  if (!navigator.storage || localStorage.getItem('asked-to-keep')) return;
  localStorage.setItem('asked-to-keep', '1');
  if (!(await navigator.storage.persisted())) await navigator.storage.persist();
}

/** Removes history that is beyond what is kept, and more if the browser's grant runs out. At most once an hour. */
export async function tidyHistory(db: Database, now = Date.now()): Promise<void> {
  if (now - tidiedAt < tidyEveryMs) return;
  tidiedAt = now;
  while ((await pruneHistory(db, keepAlways)) > 0);
  const estimate = (await navigator.storage?.estimate()) ?? {};
  if (isUnderPressure(estimate)) await makeRoom(db);
}
