/**
 * Opening a database so that nobody waits without knowing why, and letting go of it when somebody else needs it.
 * IndexedDB answers to an open that another tab blocks only when that tab lets go; so this goes on waiting, and says so.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { endTrouble, tellTrouble } from './trouble.ts';

/** What takes longer is told. */
const patienceMs = 2_500;
/** An open that failed may work a moment later: Safari after a start, a disk that was busy. */
const retryAfterMs = [150, 600];
const mayPass = new Set(['UnknownError', 'AbortError', 'InvalidStateError', 'TimeoutError']);

export type Loss =
  /** A newer version of the app opens it. */
  | 'updated'
  /** It was deleted, or the browser closed it. */
  | 'gone';

export interface OpenOptions<S extends DBSchema> {
  upgrade: (db: IDBPDatabase<S>, oldVersion: number) => void;
  /** The handle is of no use any more; it is closed already. */
  onLost: (why: Loss, handle: IDBPDatabase<S> | undefined) => void;
}

export async function openPatiently<S extends DBSchema>(
  name: string,
  version: number,
  options: OpenOptions<S>,
): Promise<IDBPDatabase<S>> {
  const timer = setTimeout(() => tellTrouble('blocked'), patienceMs);
  try {
    for (const delayMs of retryAfterMs) {
      try {
        return await open(name, version, options);
      } catch (error) {
        if (!mayPass.has(nameOf(error) ?? '')) throw error;
        await new Promise((resolve) => setTimeout(resolve, delayMs));
      }
    }
    return await open(name, version, options);
  } finally {
    clearTimeout(timer);
    endTrouble('blocked');
  }
}

async function open<S extends DBSchema>(
  name: string,
  version: number,
  { upgrade, onLost }: OpenOptions<S>,
): Promise<IDBPDatabase<S>> {
  const opened: { handle?: IDBPDatabase<S> } = {};
  opened.handle = await openDB<S>(name, version, {
    upgrade(db, oldVersion, _newVersion, tx) {
      // Ended under us (the browser clears the origin), the opening fails with it, and that is where it is heard.
      tx.done.catch(() => undefined);
      upgrade(db, oldVersion);
    },
    // A newer version, or a deletion, waits in another tab: let go at once, so that it need not.
    blocking: (_current, next, event) => {
      (event.target as IDBDatabase).close();
      onLost(next === null ? 'gone' : 'updated', opened.handle);
    },
    terminated: () => onLost('gone', opened.handle),
  });
  return opened.handle;
}

/** The name of a DOMException; undefined for any other error. */
export function nameOf(error: unknown): string | undefined {
  return error instanceof DOMException ? error.name : undefined;
}
