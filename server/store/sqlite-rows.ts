/**
 * How rows become what the protocol speaks of; for writer and reader alike.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Digest } from '../protocol/digest.ts';
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { Receipt } from '../protocol/events.ts';
import type { Message } from '../protocol/requests.ts';
import type { StoredPerson } from './event-store.ts';

export interface PersonRow {
  n: number;
  id: string;
  nick: string;
  skeleton: string | null;
  drawn: string;
  last_seen: string | null;
  first_tag: string;
  head: number;
  delivered_to: number;
  pruned_to: number;
  /** Not null once the person was deleted. */
  erased_to: string | null;
  /** Of their privacy; 0 or 1, like the two that sqlite-peers.ts reads. */
  receipts: number;
}

/** Finds the person by whose id everything is asked; that there is none is a bug of who asks. */
export function createFindPerson<Column extends keyof PersonRow = keyof PersonRow>(
  db: DatabaseSync,
  columns: readonly (Column | '*')[] = ['*'],
): (id: string) => Pick<PersonRow, Column> {
  const byId = db.prepare(`SELECT ${columns.join(', ')} FROM person WHERE id = ?`);
  return (id) => {
    const person = byId.get(id) as Pick<PersonRow, Column> | undefined;
    if (!person) throw new Error(`There is no person ${id}.`);
    return person;
  };
}

export function toPerson(row: Pick<PersonRow, 'id' | 'nick' | 'last_seen'>): StoredPerson {
  return { id: row.id, nick: row.nick, lastSeen: row.last_seen };
}

/** A message with its two persons; give it a WHERE. */
export const selectMessage = `
  SELECT m.n, m.id, m.text, m.composed_at, m.accepted_at, m.seq, m.conversation, m.digest, m.erased,
         f.nick AS "from", f.id AS from_id, t.nick AS "to", t.id AS to_id
  FROM message m JOIN person f ON f.n = m.sender JOIN person t ON t.n = m.recipient`;

export interface MessageRow {
  n: number;
  conversation: number;
  id: string;
  /** Empty if it is not kept any more: no message is empty. */
  text: string;
  composed_at: string;
  accepted_at: string;
  seq: number;
  /** Of the conversation up to it. */
  digest: Digest;
  /** What it adds to that, where its text was taken away with its sender. */
  erased: Digest | null;
  from: string;
  from_id: string;
  to: string;
  to_id: string;
}

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    from: row.from,
    fromId: row.from_id,
    to: row.to,
    toId: row.to_id,
    text: row.text,
    composedAt: row.composed_at,
    seq: row.seq,
    acceptedAt: row.accepted_at,
    ...(row.erased === null ? {} : { erased: row.erased }),
  };
}

export function isCalled(row: Pick<PersonRow, 'nick'>, nick: string): boolean {
  return nickSkeleton(row.nick) === nickSkeleton(nick);
}

/** What `other` is told of how far `by` has received and read. */
export function receiptBetween(
  other: Pick<PersonRow, 'id' | 'nick'>,
  by: Pick<PersonRow, 'id' | 'nick'>,
  delivered: number,
  read: number,
  at: string,
): Receipt {
  return { with: other.nick, withId: other.id, by: by.nick, byId: by.id, delivered, read, at };
}
