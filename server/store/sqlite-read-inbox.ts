/** Reading the log of one inbox after a cursor, and telling a cursor that is no good. */
import type { DatabaseSync } from 'node:sqlite';
import { formatEventId, parseEventId } from '../protocol/event-id.ts';
import type { ResetReason } from '../protocol/events.ts';
import type { InboxPage } from './event-store.ts';
import { FramedPage } from './framed-page.ts';
import { createFindPerson, type PersonRow } from './sqlite-rows.ts';

const maxPageBytes = 64 * 1024;

const fields = `
  'id', m.id, 'from', f.nick, 'fromId', f.id, 'to', t.nick, 'toId', t.id, 'text', m.text,
  'composedAt', m.composed_at, 'seq', m.seq, 'acceptedAt', m.accepted_at`;

type EventRow = [position: number, tag: string, frame: string];

export function createInboxReading(db: DatabaseSync, epoch: string) {
  const findPerson = createFindPerson(db);
  const tagAt = db.prepare('SELECT tag FROM inbox WHERE person = ? AND position = ?');
  const after = db.prepare(`
    SELECT i.position, i.tag,
      'id: ' || ? || '.' || i.position || '.' || i.tag || char(10) ||
      'event: ' || iif(m.n IS NULL, coalesce(i.receipt ->> '$.kind', 'receipt'), 'inbox') || char(10) ||
      'data: ' || coalesce(i.receipt,
        iif(m.erased IS NULL, json_object(${fields}), json_object(${fields}, 'erased', m.erased))) || char(10) || char(10)
    FROM inbox i
    LEFT JOIN message m ON m.n = i.message
    LEFT JOIN person f ON f.n = m.sender
    LEFT JOIN person t ON t.n = m.recipient
    WHERE i.person = ? AND i.position > ?
      AND (i.message IS NOT NULL OR i.receipt IS NOT NULL) -- a superseded receipt has neither
    ORDER BY i.position LIMIT ?`);
  after.setReturnArrays(true);

  function idAt(person: PersonRow, position: number): string {
    const tag =
      position === 0 ? person.first_tag : (tagAt.get(person.n, position) as { tag: string } | undefined)?.tag;
    if (tag === undefined) throw new Error(`The inbox of ${person.id} has lost position ${position}.`);
    return formatEventId({ epoch, position, tag });
  }

  /** Why the log can't go on from a cursor; undefined if it can. */
  function faultOf(person: PersonRow, cursor: string): ResetReason | undefined {
    const id = parseEventId(cursor);
    if (!id) return 'invalid';
    if (id.epoch !== epoch) return 'epoch';
    // From a future that was lost: the data was put back to an older copy.
    if (id.position > person.head) return 'restored';
    const firstKept = person.pruned_to + 1;
    if (id.position < firstKept - 1) return 'retention';
    return cursor === idAt(person, id.position) ? undefined : 'restored';
  }

  function head(personId: string): string {
    const person = findPerson(personId);
    return idAt(person, person.head);
  }

  function readInbox(personId: string, cursor: string, limit: number): InboxPage {
    const person = findPerson(personId);
    const reason = faultOf(person, cursor);
    if (reason) return { kind: 'reset', reason, head: idAt(person, person.head) };
    let frames = '';
    let count = 0;
    let bytes = 0;
    let last: EventRow | undefined;
    // One more than asked for tells whether there is more. Leaving the loop early closes the iterator.
    const rows = after.iterate(epoch, person.n, parseEventId(cursor)!.position, limit + 1);
    for (const row of rows as Iterable<unknown> as Iterable<EventRow>) {
      bytes += Buffer.byteLength(row[2]);
      if (last && (count === limit || bytes > maxPageBytes)) {
        const [position, tag] = last;
        return new FramedPage({ frames, cursor: formatEventId({ epoch, position, tag }), more: true });
      }
      frames += row[2];
      count += 1;
      last = row;
    }
    // What lies between the last event and the head was superseded: the cursor moves past it.
    return new FramedPage({ frames, cursor: idAt(person, person.head), more: false });
  }

  return { head, readInbox };
}
