/** All that a new or reset device needs. Asked in one transaction: the cursor and what it stands behind belong together. */
import type { Conversation } from '../protocol/requests.ts';
import type { StoredSnapshot } from './event-store.ts';
import type { Db } from './postgres-connection.ts';
import { head } from './postgres-read-inbox.ts';
import { findPerson, people } from './postgres-read.ts';
import { selectMessage, toMessage, toPerson, type MessageRow } from './sqlite-rows.ts';

const snapshotMessages = 30;

interface ConversationRow {
  n: number;
  last_seq: number;
  with: string;
  with_id: string;
  is_notes: boolean;
  mine_delivered: number;
  mine_read: number;
  theirs_delivered: number;
  theirs_read: number;
  unread: number;
}

export async function snapshot(db: Db, epoch: string, personId: string): Promise<StoredSnapshot> {
  const me = await findPerson(db, personId);
  const [cursor, everybody, rows, messages] = await Promise.all([
    head(db, epoch, personId),
    people(db, undefined, null),
    db.all<ConversationRow>(conversationsOf, me.n),
    db.all<MessageRow>(lastMessages, me.n),
  ]);
  const byConversation = Map.groupBy(messages, ({ conversation }) => conversation);
  return {
    me: toPerson(me),
    cursor,
    people: everybody,
    conversations: rows.map((row) => toConversation(row, byConversation.get(row.n) ?? [])),
  };
}

function toConversation(row: ConversationRow, messages: readonly MessageRow[]): Conversation {
  const whole = { delivered: row.last_seq, read: row.last_seq };
  return {
    with: row.with,
    withId: row.with_id,
    lastSeq: row.last_seq,
    messages: messages.map(toMessage),
    mine: row.is_notes ? { ...whole } : { delivered: row.mine_delivered, read: row.mine_read },
    theirs: row.is_notes ? { ...whole } : { delivered: row.theirs_delivered, read: row.theirs_read },
    unread: row.unread,
  };
}

const mine = `
  (SELECT n, last_seq, pruned_to, b AS peer FROM conversation WHERE a = $1
   UNION SELECT n, last_seq, pruned_to, a AS peer FROM conversation WHERE b = $1) c`;

const conversationsOf = `
  SELECT c.n, c.last_seq, o.nick AS "with", o.id AS with_id, c.peer = $1 AS is_notes,
    coalesce(m.delivered, 0) AS mine_delivered, coalesce(m.read, 0) AS mine_read,
    coalesce(t.shown_delivered, 0) AS theirs_delivered, coalesce(t.shown_read, 0) AS theirs_read,
    (SELECT count(*) FROM message WHERE conversation = c.n
      AND seq > greatest(m.read, c.pruned_to) AND sender <> $1) AS unread
  FROM ${mine} JOIN person o ON o.n = c.peer
  LEFT JOIN progress m ON m.conversation = c.n AND m.person = $1
  LEFT JOIN progress t ON t.conversation = c.n AND t.person = c.peer
  ORDER BY c.n`;

const lastMessages = `
  ${selectMessage} JOIN ${mine} ON c.n = m.conversation
  WHERE m.seq > greatest(c.pruned_to, c.last_seq - ${snapshotMessages}) ORDER BY m.conversation, m.seq`;
