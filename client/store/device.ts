/**
 * Who uses this device: the one thing that page and worker must know before they can open a person's database.
 * Signing out forgets the person here; their database is deleted or kept by whoever signs them out.
 */
import { openDB, type DBSchema } from 'idb';
import type { Person } from '../../server/protocol/requests.ts';

interface DeviceSchema extends DBSchema {
  device: { key: string; value: Person };
}

async function withDevice<T>(work: (db: Awaited<ReturnType<typeof openDevice>>) => Promise<T>): Promise<T> {
  // Opened for each use: it is read once at a start, and a handle kept would block a deletion.
  const db = await openDevice();
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

function openDevice() {
  return openDB<DeviceSchema>('opentalk-device', 1, {
    upgrade: (db) => {
      db.createObjectStore('device');
    },
  });
}

/** The person who is signed in here, or undefined before the first sign-in and after a sign-out. */
export function readIdentity(): Promise<Person | undefined> {
  return withDevice((db) => db.get('device', 'me'));
}

export async function rememberIdentity(me: Person): Promise<void> {
  await withDevice((db) => db.put('device', me, 'me'));
}

export async function forgetIdentity(): Promise<void> {
  await withDevice((db) => db.delete('device', 'me'));
}
