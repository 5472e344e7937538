/**
 * What is wrong with the storage of this device, for the person to be told. Each page tells of itself only.
 * It holds no words: what to say is the components' business.
 */

export type Trouble =
  /** This page is older than what a newer tab made of the database, and has let go of it. */
  | 'updated'
  /** The database was made by a newer version than this page is. */
  | 'too-new'
  /** It does not open, because another tab has not let go of an older version. */
  | 'blocked'
  /** No room, also after old history was removed. It ends when a message could be stored, not with any small write. */
  | 'full'
  /** It worked, and does not work now. */
  | 'broken'
  /** It never opened: everything is in memory, and gone with the page. */
  | 'memory'
  /** The browser or the person has emptied it; everything is loaded again. */
  | 'cleared';

/** The weightiest first: it is the one that is told. */
const byWeight: readonly Trouble[] = ['updated', 'too-new', 'blocked', 'full', 'broken', 'memory', 'cleared'];

const troubles = new Set<Trouble>();
const listeners = new Set<() => void>();

export function tellTrouble(trouble: Trouble): void {
  if (troubles.has(trouble)) return;
  troubles.add(trouble);
  for (const listener of listeners) listener();
}

export function endTrouble(trouble: Trouble): void {
  if (!troubles.delete(trouble)) return;
  for (const listener of listeners) listener();
}

/** What to tell now. */
export function currentTrouble(): Trouble | undefined {
  return byWeight.find((trouble) => troubles.has(trouble));
}

/** Nothing can be stored here until the page is loaded anew. */
export function isTooOld(): boolean {
  return troubles.has('updated') || troubles.has('too-new');
}

/** Hears of every change; the answer ends it. */
export function onTrouble(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
