/**
 * Who uses this device: the one thing that page and worker must know before they can open a person's database.
 * Signing out forgets the person here; their database is deleted or kept by whoever signs them out.
 */
import type { DBSchema, IDBPObjectStore } from 'idb';
import type { Person } from '../../server/protocol/requests.ts';
import { openPatiently } from './open-database.ts';

interface DeviceSchema extends DBSchema {
  device: { key: string; value: Person };
}

async function withDevice<Mode extends 'readonly' | 'readwrite', T>(
  mode: Mode,
  work: (store: IDBPObjectStore<DeviceSchema, ['device'], 'device', Mode>) => Promise<T>,
): Promise<T> {
  // Opened for each use: it is read once at a start, and a handle kept would block a deletion.
  const db = await openDevice();
  try {
    const tx = db.transaction('device', mode);
    const [result] = await Promise.all([work(tx.store), tx.done]);
    return result;
  } finally {
    db.close();
  }
}

function openDevice() {
  return openPatiently<DeviceSchema>('opentalk-device', 1, {
    upgrade: (db) => {
      db.createObjectStore('device');
    },
    onLost: () => {}, // used once, and closed
  });
}

/** The person who is signed in here, or undefined before the first sign-in and after a sign-out. */
export function readIdentity(): Promise<Person | undefined> {
  return withDevice('readonly', (store) => store.get('me'));
}

export async function rememberIdentity(me: Person): Promise<void> {
  await withDevice('readwrite', (store) => store.put(me, 'me'));
}

export async function forgetIdentity(): Promise<void> {
  await withDevice('readwrite', (store) => store.delete('me'));
}
