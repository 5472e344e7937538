/** What the cursors that devices report say: which are good, and which messages of whom were received with them. */
import { parseEventId } from '../protocol/event-id.ts';
import type { Receipts } from '../protocol/requests.ts';
import type { Db } from './postgres-connection.ts';

export interface ReceiptsCall {
  personId: string;
  receipts: Receipts;
  at: string;
}

/** The place of a good cursor, and up to which seq the messages of whom were received with it. */
export interface Delivered {
  position: number;
  peers: { peer: number; seq: number }[];
}

/**
 * Of each call what its cursor says, undefined if that is none of this person's log. It can be read before anybody is
 * locked: what was stored up to a position stays, and how far they had received only grows.
 */
export async function readDelivered(
  db: Db,
  epoch: string,
  calls: readonly ReceiptsCall[],
): Promise<(Delivered | undefined)[]> {
  const asked = calls.flatMap(({ personId, receipts }, call) => {
    const id = receipts.delivered === undefined ? undefined : parseEventId(receipts.delivered);
    return id?.epoch === epoch ? [{ call, personId, ...id }] : [];
  });
  const found: (Delivered | undefined)[] = calls.map(() => undefined);
  if (asked.length === 0) return found;
  const rows = await db.all<{ call: number; position: number; peer: number | null; seq: number }>(
    `SELECT w.call, w.position, news.peer, news.seq
     FROM json_to_recordset($1) AS w(call integer, "personId" text, position bigint, tag text)
     JOIN person p ON p.id = w."personId"
     -- As a plain join it may, while there are no statistics yet, read over the whole inbox of the person.
     JOIN LATERAL (
       SELECT FROM inbox WHERE inbox.person = p.n AND inbox.position = w.position AND inbox.tag = w.tag OFFSET 0
     ) cursor_place ON true
     LEFT JOIN LATERAL (
       SELECT m.sender AS peer, max(m.seq) AS seq FROM inbox i JOIN message m ON m.n = i.message
       WHERE p.delivered_to >= p.pruned_to
         AND i.person = p.n AND i.position > p.delivered_to AND i.position <= w.position AND m.sender <> p.n
       GROUP BY m.sender
       UNION ALL
       -- Where the events themselves are gone: all that is kept and was not told, up to the next event after the cursor.
       SELECT m.sender, max(m.seq)
       FROM conversation c LEFT JOIN progress g ON g.conversation = c.n AND g.person = p.n
       JOIN message m ON m.conversation = c.n AND m.seq > greatest(c.pruned_to, coalesce(g.delivered, 0))
       WHERE p.delivered_to < p.pruned_to AND (c.a = p.n OR c.b = p.n) AND m.sender <> p.n AND m.n < coalesce(
         (SELECT message FROM inbox WHERE person = p.n AND position > w.position AND message IS NOT NULL
          ORDER BY position LIMIT 1), 9223372036854775807)
       GROUP BY m.sender
     ) news ON true
     WHERE w.position > p.delivered_to`,
    JSON.stringify(asked),
  );
  for (const { call, position, peer, seq } of rows) {
    const one = (found[call] ??= { position, peers: [] });
    if (peer !== null) one.peers.push({ peer, seq });
  }
  return found;
}
