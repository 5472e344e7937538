/**
 * Events on their way into inboxes: each with the next position, which is its person's as long as they are locked, and a
 * tag of its own. They are gathered, and written with one statement.
 */
import { randomBytes } from 'node:crypto';
import type { PersonRow } from './postgres-persons.ts';

export interface Entry {
  person: number;
  position: number;
  tag: string;
  /** The message, by its name. */
  sender?: number;
  id?: string;
  receipt?: string | null;
}

export class InboxEntries {
  readonly entries: Entry[] = [];
  /** Persons whose head has moved. */
  readonly moved = new Set<PersonRow>();
  /** Places of earlier receipts that go empty. */
  readonly superseded: { person: number; position: number }[] = [];

  putMessage(person: PersonRow, sender: number, id: string): void {
    this.#put(person, { sender, id });
  }

  /** Puts a receipt, and empties the one it supersedes; that one's place and tag stay. */
  putReceipt(person: PersonRow, receipt: object, superseded: number | null): number {
    if (superseded !== null) {
      const waiting = this.entries.find(
        ({ person: n, position }) => n === person.n && position === superseded,
      );
      if (waiting) waiting.receipt = null;
      else this.superseded.push({ person: person.n, position: superseded });
    }
    return this.#put(person, { receipt: JSON.stringify(receipt) });
  }

  #put(person: PersonRow, what: Pick<Entry, 'sender' | 'id' | 'receipt'>): number {
    person.head += 1;
    this.moved.add(person);
    this.entries.push({ person: person.n, position: person.head, tag: newTag(), ...what });
    return person.head;
  }
}

export function newTag(): string {
  return randomBytes(6).toString('hex');
}
