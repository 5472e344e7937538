/** Deleting all that a person has on this device, so that nothing brings it back. */
import { deleteDB } from 'idb';
import type { Database } from './database.ts';
import { readIdentity, readLeft } from './device.ts';

/** Nobody waits longer for a flush of theirs that hangs, or a frozen tab that holds the database. */
const patienceMs = 1_500;

/**
 * Behind a flush that is under way, which would write its outcome into a new database of that name. False when that took
 * too long: it is deleted all the same, as soon as the browser can, but look again later.
 */
export async function deleteDatabase(db: Database): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 2 * patienceMs));
  return Promise.race([deleteInTurn(db), late]);
}

async function deleteInTurn(db: Database): Promise<boolean> {
  let isDeleting = false;
  const work = async () => {
    isDeleting = true;
    await db.delete();
    return true;
  };
  if (!('locks' in navigator)) return work();
  try {
    const patience = AbortSignal.timeout(patienceMs);
    return await navigator.locks.request(`outbox-${db.personId}`, { signal: patience }, work);
  } catch (error) {
    if (isDeleting) throw error;
    await db.delete();
    return false;
  }
}

/** What was cut off when somebody signed out here, or was written by a page that had not heard of it. */
export async function deleteLeft(): Promise<void> {
  const me = await readIdentity();
  for (const left of await readLeft()) if (left !== me?.id) await deleteDB(`opentalk-${left}`);
}
