/**
 * Reading the log of one inbox after a cursor, and telling a cursor that is no good. One statement each, so that what it
 * answers is of one moment; JSON of events is made by SQL.
 */
import { formatEventId, parseEventId } from '../protocol/event-id.ts';
import type { ResetReason } from '../protocol/events.ts';
import type { InboxPage, StoredEvent } from './event-store.ts';
import type { Db } from './postgres-connection.ts';
import { noPerson } from './postgres-persons.ts';

const maxPageBytes = 64 * 1024;

const fields = `m.id, f.nick AS "from", f.id AS "fromId", t.nick AS "to", t.id AS "toId", m.text,
  m.composed_at AS "composedAt", m.seq, m.accepted_at AS "acceptedAt"`;

/** Of a person `p`: where their inbox ends, and what the place of the cursor at $2 has for a tag. */
const ends = `p.head, p.pruned_to,
  CASE p.head WHEN 0 THEN p.first_tag
    ELSE (SELECT tag FROM inbox WHERE person = p.n AND position = p.head) END AS head_tag`;

interface Ends {
  head: number;
  pruned_to: number;
  head_tag: string | null;
}

interface PageRow extends Ends {
  cursor_tag: string | null;
  position: number | null;
  tag: string;
  kind: StoredEvent['kind'];
  json: string;
}

const page = `
  SELECT ${ends},
    CASE $2::bigint WHEN 0 THEN p.first_tag
      ELSE (SELECT tag FROM inbox WHERE person = p.n AND position = $2) END AS cursor_tag,
    e.position, e.tag, e.kind, e.json
  FROM person p LEFT JOIN LATERAL (
    SELECT * FROM (
      SELECT *, sum(octet_length(json)) OVER (ORDER BY position) - octet_length(json) AS bytes_before FROM (
        SELECT i.position, i.tag,
          CASE WHEN m.n IS NULL THEN coalesce(i.receipt::json ->> 'kind', 'receipt') ELSE 'inbox' END AS kind,
          coalesce(i.receipt, (CASE WHEN m.erased IS NULL
            THEN (SELECT row_to_json(x) FROM (SELECT ${fields}) x)
            ELSE (SELECT row_to_json(x) FROM (SELECT ${fields}, m.erased) x) END)::text) AS json
        FROM inbox i
        LEFT JOIN message m ON m.n = i.message
        LEFT JOIN person f ON f.n = m.sender
        LEFT JOIN person t ON t.n = m.recipient
        WHERE i.person = p.n AND i.position > $2
          AND (i.message IS NOT NULL OR i.receipt IS NOT NULL) -- a superseded receipt has neither
        ORDER BY i.position LIMIT $3
      ) whole
    ) sized WHERE bytes_before <= ${maxPageBytes}
  ) e ON true
  WHERE p.id = $1 ORDER BY e.position`;

function headOf(personId: string, epoch: string, row: Ends | undefined): string {
  if (!row) throw noPerson(personId);
  return idAt(personId, epoch, row.head, row.head_tag);
}

function idAt(personId: string, epoch: string, position: number, tag: string | null): string {
  if (tag === null) throw new Error(`The inbox of ${personId} has lost position ${position}.`);
  return formatEventId({ epoch, position, tag });
}

export async function head(db: Db, epoch: string, personId: string): Promise<string> {
  return headOf(
    personId,
    epoch,
    await db.get<Ends>(`SELECT ${ends} FROM person p WHERE p.id = $1`, personId),
  );
}

export async function readInbox(
  db: Db,
  epoch: string,
  personId: string,
  cursor: string,
  limit: number,
): Promise<InboxPage> {
  const id = parseEventId(cursor);
  if (id?.epoch !== epoch) {
    return { kind: 'reset', reason: id ? 'epoch' : 'invalid', head: await head(db, epoch, personId) };
  }
  // One more than asked for tells whether there is more.
  const rows = await db.all<PageRow>(page, personId, id.position, limit + 1);
  const [first] = rows;
  const end = headOf(personId, epoch, first);
  const reason = faultOf(first!, id.position, id.tag);
  if (reason) return { kind: 'reset', reason, head: end };
  const events: StoredEvent[] = [];
  let bytes = 0;
  for (const { position, tag, kind, json } of rows) {
    if (position === null) break; // there is none
    bytes += Buffer.byteLength(json);
    if (events.length === limit || (bytes > maxPageBytes && events.length > 0)) {
      return { kind: 'events', events, cursor: events.at(-1)!.id, more: true };
    }
    events.push({ id: formatEventId({ epoch, position, tag }), kind, json });
  }
  // A single event may be as large as a page: what is behind it was not read.
  if (bytes > maxPageBytes)
    return { kind: 'events', events, cursor: events.at(-1)!.id, more: events.at(-1)!.id !== end };
  // What lies between the last event and the head was superseded: the cursor moves past it.
  return { kind: 'events', events, cursor: end, more: false };
}

/** Why the log can't go on from a cursor of this life; undefined if it can. */
function faultOf(row: PageRow, position: number, tag: string): ResetReason | undefined {
  // From a future that was lost: the data was put back to an older copy.
  if (position > row.head) return 'restored';
  if (position < row.pruned_to) return 'retention';
  return row.cursor_tag === tag ? undefined : 'restored';
}
