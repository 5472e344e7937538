/**
 * What waits in the databases of persons whom this device belonged to before: who loses the session and picks a nick
 * again is a new person, and what the old one had not sent is still here. It is never sent as somebody else by itself.
 */
import type { Person } from '../../server/protocol/requests.ts';
import { announceChange, type Topic } from './changes.ts';
import { Database } from './database.ts';
import { deleteDatabase } from './delete-database.ts';
import { forgetFormer, markLeft, readFormer } from './device.ts';
import { listOutbox, putQueued, type Peer } from './outbox.ts';

export interface LeftBehind {
  id: string;
  nick: string;
  /** How many messages wait; never 0. */
  waiting: number;
}

/** Former persons for whom something waits. The database of one for whom nothing does is deleted. */
export function listLeftBehind(): Promise<LeftBehind[]> {
  return alone(list);
}

async function list(): Promise<LeftBehind[]> {
  const left: LeftBehind[] = [];
  for (const { id, nick } of await readFormer()) {
    const db = new Database(id);
    const waiting = (await listOutbox(db)).length;
    if (waiting > 0) left.push({ id, nick, waiting });
    // A page of theirs may be open in another tab, and write there.
    else if (!(await isOpenElsewhere(id))) await forget(db);
    await db.close();
  }
  return left;
}

/**
 * Composes what waits for `formerId` anew as `me`: under new names, for whoever has the recipients' nicks now, in the
 * same order. Interrupted and done again it takes nothing twice. What is for a nick that nobody has stays.
 */
export function sendLeftBehind(db: Database, me: Peer, formerId: string): Promise<void> {
  return alone(() => send(db, me, formerId));
}

async function send(db: Database, me: Peer, formerId: string): Promise<void> {
  const old = new Database(formerId);
  const rows = await listOutbox(old);
  const topics = new Set<Topic>(['outbox', 'conversations']);
  const taken = await db.write(['outbox', 'messages', 'conversations', 'people'], async (tx) => {
    const people = await tx.objectStore('people').getAll();
    const peers = new Map<string, Peer>(people.map((person: Person) => [person.nick, person]));
    peers.set(me.nick, me);
    const ordinals: number[] = [];
    for (const { ordinal, id: oldId, to, text, composedAt } of rows) {
      const peer = peers.get(to);
      if (!peer) continue;
      ordinals.push(ordinal!);
      const id = nameUnder(me.id, oldId);
      if ((await tx.objectStore('messages').getKey([me.id, id])) !== undefined) continue;
      await putQueued(tx, { id, me, peer: { id: peer.id, nick: peer.nick }, text, composedAt });
      topics.add(`thread:${peer.id}`);
    }
    return ordinals;
  });
  announceChange(...topics);
  await old.write(['outbox'], async (tx) => {
    for (const ordinal of taken) await tx.objectStore('outbox').delete(ordinal);
  });
  if (taken.length === rows.length) await forget(old);
  else await old.close();
}

export function deleteLeftBehind(formerId: string): Promise<void> {
  return alone(() => forget(new Database(formerId)));
}

/** One at a time on the whole device: who looked into a database that is just being deleted would bring it back. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  return navigator.locks.request('opentalk-left-behind', work);
}

async function forget(db: Database): Promise<void> {
  await markLeft(db.personId);
  // If that is not sure yet, whoever looks next finds nothing that waits, and sees to it.
  if (await deleteDatabase(db)) await forgetFormer(db.personId);
}

/** Every page of a person holds the lock of their stream, or waits for it. */
async function isOpenElsewhere(id: string): Promise<boolean> {
  if (!('locks' in navigator)) return false;
  const { held = [], pending = [] } = await navigator.locks.query();
  return [...held, ...pending].some(({ name }) => name === `stream-${id}`);
}

/** The new name of a message under another person: always the same one, so that it cannot be taken over twice. */
function nameUnder(personId: string, messageId: string): string {
  const digits = (uuid: string) => uuid.replaceAll('-', '').padEnd(32, '0');
  const mixed = BigInt(`0x${digits(personId)}`) ^ BigInt(`0x${digits(messageId)}`);
  const hex = mixed.toString(16).padStart(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
