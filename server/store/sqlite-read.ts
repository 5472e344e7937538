/** Reading everything but the log: persons, history, snapshots. */
import type { DatabaseSync } from 'node:sqlite';
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { Conversation, Message, Progress } from '../protocol/requests.ts';
import type { StoredPerson, StoredSnapshot } from './event-store.ts';
import { createStretch } from './sqlite-stretch.ts';
import {
  createFindPerson,
  selectMessage,
  toMessage,
  toPerson,
  type MessageRow,
  type PersonRow,
} from './sqlite-rows.ts';

const snapshotMessages = 30;

export interface Place {
  n: number;
  last_seq: number;
  /** Its messages up to this seq are not kept any more. */
  pruned_to: number;
}

interface ConversationRow extends Place {
  peer: number;
}

export function createReading(db: DatabaseSync, head: (personId: string) => string) {
  const findPerson = createFindPerson(db);
  const personById = db.prepare('SELECT * FROM person WHERE id = ?');
  const personByNumber = db.prepare('SELECT * FROM person WHERE n = ?');
  const personBySkeleton = db.prepare('SELECT * FROM person WHERE skeleton = ?');
  const ofSession = db.prepare(
    'SELECT p.* FROM session s JOIN person p ON p.n = s.person WHERE s.token_hash = ?',
  );
  const everybody = db.prepare('SELECT * FROM person WHERE skeleton IS NOT NULL ORDER BY lower_nick LIMIT ?');
  const called = db.prepare(`
    SELECT * FROM person
    WHERE skeleton IS NOT NULL AND (instr(lower_nick, ?) > 0 OR instr(skeleton, ?) > 0)
    ORDER BY lower_nick LIMIT ?`);
  const between = db.prepare('SELECT n, last_seq, pruned_to FROM conversation WHERE a = ? AND b = ?');
  const before = db.prepare(
    `${selectMessage} WHERE m.conversation = ? AND m.seq > ? AND m.seq < ? ORDER BY m.seq DESC LIMIT ?`,
  );
  const conversationsOf = db.prepare(`
    SELECT n, last_seq, pruned_to, b AS peer FROM conversation WHERE a = ?1
    UNION SELECT n, last_seq, pruned_to, a AS peer FROM conversation WHERE b = ?1`);
  const progressOf = db.prepare('SELECT delivered, read FROM progress WHERE conversation = ? AND person = ?');
  const shownOf = db.prepare(
    'SELECT shown_delivered AS delivered, shown_read AS read FROM progress WHERE conversation = ? AND person = ?',
  );
  const unread = db.prepare(
    'SELECT count(*) AS count FROM message WHERE conversation = ? AND seq > ? AND sender <> ?',
  );

  function person(id: string): StoredPerson | undefined {
    const row = personById.get(id) as PersonRow | undefined;
    return row && toPerson(row);
  }

  function personOfNick(nick: string): StoredPerson | undefined {
    const row = personBySkeleton.get(nickSkeleton(nick)) as PersonRow | undefined;
    return row && toPerson(row);
  }

  function personOfSession(tokenHash: string): StoredPerson | undefined {
    const row = ofSession.get(tokenHash) as PersonRow | undefined;
    return row && toPerson(row);
  }

  /**
   * Searched as typed and by skeleton, so that neither case nor look-alikes hide anybody. Not by skeleton alone: that of
   * a part need not be a part of that of the whole, as with 'ber' and 'Bernd', whose 'rn' looks like an 'm'.
   */
  function people(search: string | undefined, limit: number): StoredPerson[] {
    const rows =
      search === undefined
        ? everybody.all(limit)
        : called.all(search.normalize('NFKC').toLowerCase(), nickSkeleton(search), limit);
    return (rows as unknown as PersonRow[]).map(toPerson);
  }

  /** The conversation with somebody; null if nothing was said, undefined if there is nobody. */
  function placeOf(personId: string, peer: { with: string; withId?: string }): Place | null | undefined {
    const me = findPerson(personId);
    const found =
      peer.withId === undefined ? personBySkeleton.get(nickSkeleton(peer.with)) : personById.get(peer.withId);
    const other = found as PersonRow | undefined;
    if (!other) return undefined;
    const place = between.get(Math.min(me.n, other.n), Math.max(me.n, other.n));
    return (place as unknown as Place | undefined) ?? null;
  }

  function messagesBefore({ n, pruned_to: prunedTo }: Place, seq: number, limit: number): Message[] {
    const rows = before.all(n, prunedTo, seq, limit) as unknown as MessageRow[];
    return rows.toReversed().map(toMessage);
  }

  function history(
    personId: string,
    peer: { with: string; withId?: string },
    beforeSeq: number | undefined,
    limit: number,
  ): { messages: Message[]; more: boolean } | undefined {
    const place = placeOf(personId, peer);
    if (!place) return place === null ? { messages: [], more: false } : undefined;
    const messages = messagesBefore(place, beforeSeq ?? Number.MAX_SAFE_INTEGER, limit);
    return { messages, more: messages.length > 0 && messages[0]!.seq > place.pruned_to + 1 };
  }

  function conversation(me: PersonRow, row: ConversationRow): Conversation {
    const { n, last_seq: lastSeq, pruned_to: prunedTo, peer } = row;
    const other = personByNumber.get(peer) as unknown as PersonRow;
    const isNotes = peer === me.n;
    const whole: Progress = { delivered: lastSeq, read: lastSeq };
    const progress = (stored: unknown): Progress =>
      isNotes ? whole : ((stored as Progress | undefined) ?? { delivered: 0, read: 0 });
    const mine = progress(progressOf.get(n, me.n));
    return {
      with: other.nick,
      withId: other.id,
      lastSeq,
      messages: messagesBefore(row, lastSeq + 1, snapshotMessages),
      mine: { ...mine },
      theirs: { ...progress(shownOf.get(n, peer)) },
      unread: (unread.get(n, Math.max(mine.read, prunedTo), me.n) as { count: number }).count,
    };
  }

  /** Asked in one transaction, like everything here: the cursor and what it stands behind belong together. */
  function snapshot(personId: string): StoredSnapshot {
    const me = findPerson(personId);
    const rows = conversationsOf.all(me.n) as unknown as ConversationRow[];
    return {
      me: toPerson(me),
      cursor: head(personId),
      people: people(undefined, -1), // to SQLite a negative limit is none
      conversations: rows.map((row) => conversation(me, row)),
    };
  }

  return {
    person,
    personOfNick,
    personOfSession,
    people,
    history,
    stretch: createStretch(db, placeOf),
    snapshot,
  };
}
