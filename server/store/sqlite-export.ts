/** Reading all of a person's conversations from their beginning, page by page: what they take along. */
import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../protocol/requests.ts';
import type { ExportedConversation } from './event-store.ts';
import { createFindPerson, selectMessage, toMessage, type MessageRow } from './sqlite-rows.ts';

interface ConversationRow {
  with: string;
  withId: string;
  lastSeq: number;
  myDelivered: number;
  myRead: number;
  theirDelivered: number;
  theirRead: number;
}

export function createExport(db: DatabaseSync) {
  const findPerson = createFindPerson(db);
  const personById = db.prepare('SELECT n FROM person WHERE id = ?');
  const conversationsOf = db.prepare(`
    SELECT p.nick AS "with", p.id AS withId, c.last_seq AS lastSeq,
      coalesce(mine.delivered, 0) AS myDelivered, coalesce(mine.read, 0) AS myRead,
      -- No more of the other side than it shows.
      coalesce(theirs.shown_delivered, 0) AS theirDelivered, coalesce(theirs.shown_read, 0) AS theirRead
    FROM (SELECT n, last_seq, b AS peer FROM conversation WHERE a = ?1
          UNION SELECT n, last_seq, a AS peer FROM conversation WHERE b = ?1) c
    JOIN person p ON p.n = c.peer
    LEFT JOIN progress mine ON mine.conversation = c.n AND mine.person = ?1
    LEFT JOIN progress theirs ON theirs.conversation = c.n AND theirs.person = c.peer AND c.peer <> ?1
    ORDER BY c.n`);
  const messages = db.prepare(`
    ${selectMessage} JOIN conversation c ON c.n = m.conversation
    WHERE c.a = ? AND c.b = ? AND m.seq > max(c.pruned_to, ?) ORDER BY m.seq LIMIT ?`);

  return {
    conversations(personId: string): ExportedConversation[] {
      const rows = conversationsOf.all(findPerson(personId).n) as unknown as ConversationRow[];
      return rows.map(({ with: nick, withId, lastSeq, ...progress }) => ({
        with: nick,
        withId,
        lastSeq,
        mine: { delivered: progress.myDelivered, read: progress.myRead },
        theirs: { delivered: progress.theirDelivered, read: progress.theirRead },
      }));
    },

    messagesAfter(personId: string, withId: string, after: number, limit: number): Message[] {
      const me = findPerson(personId).n;
      const peer = (personById.get(withId) as { n: number } | undefined)?.n ?? 0;
      const rows = messages.all(Math.min(me, peer), Math.max(me, peer), after, limit);
      return (rows as unknown as MessageRow[]).map(toMessage);
    },
  };
}
