/**
 * The people this device knows of. Whether somebody is online is news of the moment: show it only while live.
 */
import type { Person } from '../../server/protocol/requests.ts';
import { announceChange } from './changes.ts';
import type { Database } from './database.ts';

/** Everybody but oneself, by nick. */
export function listPeople(db: Database): Promise<Person[]> {
  return db.read(['people'], async (tx) => {
    const people = await tx.objectStore('people').getAll();
    // Many times faster than `localeCompare`, which looks for the language at each call.
    const { compare } = new Intl.Collator();
    return people.filter((person) => person.id !== db.personId).toSorted((a, b) => compare(a.nick, b.nick));
  });
}

export function readPerson(db: Database, id: string): Promise<Person | undefined> {
  return db.read(['people'], (tx) => tx.objectStore('people').get(id));
}

/** Takes over the whole list, as the server has it now. */
export async function replacePeople(db: Database, people: readonly Person[]): Promise<void> {
  await db.write(['people'], async (tx) => {
    await tx.objectStore('people').clear();
    for (const person of people) await tx.objectStore('people').put(person);
  });
  announceChange('people');
}

export async function storePerson(db: Database, person: Person): Promise<void> {
  await db.write(['people'], (tx) => tx.objectStore('people').put(person));
  announceChange('people');
}

/** The person behind a nick: oneself (for notes), whoever has it now, else whom one talked to under it. */
export function findPeer(
  db: Database,
  nick: string,
  me: { id: string; nick: string },
): Promise<{ id: string; nick: string } | undefined> {
  // Also before there is a list of people on this device.
  if (nick === me.nick) return Promise.resolve({ id: me.id, nick });
  return db.read(['people', 'conversations'], async (tx) => {
    const people = await tx.objectStore('people').getAll();
    const person = people.find((other) => other.nick === nick);
    if (person) return { id: person.id, nick };
    const conversations = await tx.objectStore('conversations').getAll();
    const known = conversations.find((row) => row.nick === nick);
    return known && { id: known.peerId, nick };
  });
}
