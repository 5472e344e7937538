/**
 * Who uses this device: what page and worker must know before they can open a person's database; and who used it before
 * and may have left something unsent.
 */
import type { DBSchema, IDBPObjectStore } from 'idb';
import type { Person } from '../../server/protocol/requests.ts';
import { openChannel } from './channel.ts';
import { isDeadHandle, whileOpen } from './dead-handle.ts';
import { openPatiently } from './open-database.ts';
import { newUuid } from './uuid.ts';

/** A try to get a nick, until it is answered: the answer may be lost after the nick was claimed. */
interface Attempt {
  nick: string;
  key: string;
}

/** Whoever had an older database open is long gone. */
const mostLeft = 20;

interface DeviceSchema extends DBSchema {
  /** `me`, `former` (whose databases are kept), `left` (ids of whose databases were deleted), `attempt`. */
  device: { key: string; value: Person | Person[] | string[] | Attempt };
}

type DeviceStore<Mode extends IDBTransactionMode> = IDBPObjectStore<DeviceSchema, ['device'], 'device', Mode>;

/** `work` awaits nothing but the store, and may run twice: the browser may have closed the first handle under it. */
async function withDevice<Mode extends 'readonly' | 'readwrite', T>(
  mode: Mode,
  work: (store: DeviceStore<Mode>) => Promise<T>,
): Promise<T> {
  try {
    return await workOnce(mode, work);
  } catch (error) {
    if (!isDeadHandle(error)) throw error;
    return workOnce(mode, work);
  }
}

async function workOnce<Mode extends 'readonly' | 'readwrite', T>(
  mode: Mode,
  work: (store: DeviceStore<Mode>) => Promise<T>,
): Promise<T> {
  // Opened for each use: it is read once at a start, and a handle kept would block a deletion.
  const db = await openDevice();
  try {
    const tx = db.transaction('device', mode);
    const [result] = await whileOpen(db, Promise.all([work(tx.store), tx.done]));
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
  return withDevice('readonly', (store) => store.get('me') as Promise<Person | undefined>);
}

/** From now on it is this person's. Whoever it was before is remembered for what may wait in their database. */
export async function rememberIdentity(me: Person): Promise<void> {
  const isNew = await withDevice('readwrite', async (store) => {
    const before = (await store.get('me')) as Person | undefined;
    await store.put(me, 'me');
    await store.delete('attempt');
    await store.put(
      (await readLeftIn(store)).filter((id) => id !== me.id),
      'left',
    );
    const others = [...(await readFormerIn(store)), ...(before ? [before] : [])];
    const former = new Map(others.filter(({ id }) => id !== me.id).map((person) => [person.id, person]));
    await store.put([...former.values()], 'former');
    return before?.id !== me.id;
  });
  if (isNew) announce();
}

/** This person has signed out; all of theirs goes from this device. */
export async function forgetIdentity(id: string): Promise<void> {
  await withDevice('readwrite', async (store) => {
    const me = (await store.get('me')) as Person | undefined;
    if (me?.id === id) await store.delete('me');
    await addLeft(store, id);
    await store.put(
      (await readFormerIn(store)).filter((person) => person.id !== id),
      'former',
    );
  });
  announce();
}

/** Ids of those of whom nothing is to be here any more: who signed out, or had left nothing that waits. */
export function readLeft(): Promise<string[]> {
  return withDevice('readonly', readLeftIn);
}

/** Theirs is about to be deleted, and not to be brought back by whoever had it open. */
export async function markLeft(id: string): Promise<void> {
  await withDevice('readwrite', (store) => addLeft(store, id));
}

/** Persons of before whose databases are on this device still. */
export function readFormer(): Promise<Person[]> {
  return withDevice('readonly', readFormerIn);
}

/** A page of theirs is open still and may write, so theirs is not to be lost sight of. */
export async function rememberFormer(person: Person): Promise<void> {
  await withDevice('readwrite', async (store) => {
    const former = (await readFormerIn(store)).filter(({ id }) => id !== person.id);
    await store.put([...former, person], 'former');
  });
}

export async function forgetFormer(id: string): Promise<void> {
  await withDevice('readwrite', async (store) => {
    const former = await readFormerIn(store);
    await store.put(
      former.filter((person) => person.id !== id),
      'former',
    );
  });
}

/** The key of the try to get `nick` that is not answered yet, also from before a reload; else of a new one. */
export function readAttempt(nick: string): Promise<string> {
  return withDevice('readwrite', async (store) => {
    const attempt = (await store.get('attempt')) as Attempt | undefined;
    if (attempt?.nick === nick) return attempt.key;
    const key = newUuid();
    await store.put({ nick, key }, 'attempt');
    return key;
  });
}

/** It was answered. */
export async function endAttempt(): Promise<void> {
  await withDevice('readwrite', (store) => store.delete('attempt'));
}

/** Hears, in every page of this device, that somebody signed in or out; the answer ends it. */
export function onIdentity(listener: () => void): () => void {
  const channel = openChannel('identity', listener);
  return () => channel.close();
}

function announce(): void {
  const channel = openChannel<'changed'>('identity', () => {});
  channel.say('changed');
  channel.close();
}

async function addLeft(store: DeviceStore<'readwrite'>, id: string): Promise<void> {
  const others = (await readLeftIn(store)).filter((other) => other !== id);
  await store.put([...others, id].slice(-mostLeft), 'left');
}

async function readLeftIn(store: DeviceStore<IDBTransactionMode>): Promise<string[]> {
  return ((await store.get('left')) as string[] | undefined) ?? [];
}

async function readFormerIn(store: DeviceStore<IDBTransactionMode>): Promise<Person[]> {
  return ((await store.get('former')) as Person[] | undefined) ?? [];
}
