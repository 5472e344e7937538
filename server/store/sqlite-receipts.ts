/**
 * How far a person received and read. Only growth is stored and told: both to the other side, `read` also to the
 * person's own devices. The other side is told as much as is meant for it: nothing where one has blocked the other, and
 * what was read only if both send such receipts. Runs inside the writer's transaction.
 */
import type { DatabaseSync } from 'node:sqlite';
import { parseEventId } from '../protocol/event-id.ts';
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { Receipts } from '../protocol/requests.ts';
import type { WrittenEvent } from './recent-events.ts';
import type { createInbox } from './sqlite-inbox.ts';
import { createFindPerson, receiptBetween, type PersonRow } from './sqlite-rows.ts';

/** What was written, and the persons whose inboxes have it. */
export interface News {
  inboxes: string[];
  written: WrittenEvent[];
}

export function newsOf(written: WrittenEvent[]): News {
  return { inboxes: [...new Set(written.map(({ personId }) => personId))], written };
}

interface Growth {
  delivered: number;
  read: number;
}

interface ProgressRow extends Growth {
  shown_delivered: number;
  shown_read: number;
  told_peer: number | null;
  told_self: number | null;
}

export function createReceipts(db: DatabaseSync, epoch: string, inbox: ReturnType<typeof createInbox>) {
  const findPerson = createFindPerson(db);
  const personById = db.prepare('SELECT * FROM person WHERE id = ?');
  const personBySkeleton = db.prepare('SELECT * FROM person WHERE skeleton = ?');
  const tagAt = db.prepare('SELECT tag FROM inbox WHERE person = ? AND position = ?');
  const deliveredNews = db.prepare(`
    SELECT m.sender AS peer, max(m.seq) AS seq
    FROM inbox i JOIN message m ON m.n = i.message
    WHERE i.person = ?1 AND i.position > ?2 AND i.position <= ?3 AND m.sender <> ?1
    GROUP BY m.sender`);
  // Where the events themselves are gone: all that is kept and was not told, up to the next event after the cursor.
  const untoldNews = db.prepare(`
    SELECT m.sender AS peer, max(m.seq) AS seq
    FROM conversation c LEFT JOIN progress p ON p.conversation = c.n AND p.person = ?1
    JOIN message m ON m.conversation = c.n AND m.seq > max(c.pruned_to, coalesce(p.delivered, 0))
    WHERE (c.a = ?1 OR c.b = ?1) AND m.sender <> ?1 AND m.n < coalesce(
      (SELECT message FROM inbox WHERE person = ?1 AND position > ?2 AND message IS NOT NULL ORDER BY position LIMIT 1),
      9e18)
    GROUP BY m.sender`);
  const setDeliveredTo = db.prepare('UPDATE person SET delivered_to = ? WHERE n = ?');
  const conversation = db.prepare('SELECT n, last_seq FROM conversation WHERE a = ? AND b = ?');
  const decided = db.prepare('SELECT blocked FROM peer WHERE person = ? AND other = ?');
  const personByNumber = db.prepare('SELECT * FROM person WHERE n = ?');
  const progressOf = db.prepare('SELECT * FROM progress WHERE conversation = ? AND person = ?');
  const setProgress = db.prepare(`
    INSERT INTO progress (conversation, person, delivered, read, shown_delivered, shown_read, told_peer, told_self)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (conversation, person) DO UPDATE SET delivered = excluded.delivered, read = excluded.read,
      shown_delivered = excluded.shown_delivered, shown_read = excluded.shown_read, told_peer = excluded.told_peer, told_self = excluded.told_self`);

  function record(personId: string, receipts: Receipts, at: string): News {
    const me = findPerson(personId);
    const growth = new Map<number, Growth>();
    if (receipts.delivered !== undefined) deliveredUpTo(me, receipts.delivered, growth);
    for (const { with: nick, withId, upTo } of receipts.read ?? []) {
      const found = withId === undefined ? personBySkeleton.get(nickSkeleton(nick)) : personById.get(withId);
      const peer = found as PersonRow | undefined;
      if (!peer) continue;
      const { delivered, read } = growth.get(peer.n) ?? { delivered: 0, read: 0 };
      growth.set(peer.n, { delivered, read: Math.max(read, upTo) });
    }
    const written: WrittenEvent[] = [];
    for (const [peer, grown] of growth) tell(me, peer, grown, at, written);
    return newsOf(written);
  }

  function deliveredUpTo(me: PersonRow, cursor: string, growth: Map<number, Growth>): void {
    const id = parseEventId(cursor);
    if (!id || id.epoch !== epoch || id.position <= me.delivered_to || id.position > me.head) return;
    const known = tagAt.get(me.n, id.position) as { tag: string } | undefined;
    if (known?.tag !== id.tag) return; // of another inbox, or of a future that was lost
    const rows =
      me.delivered_to < me.pruned_to
        ? untoldNews.all(me.n, id.position)
        : deliveredNews.all(me.n, me.delivered_to, id.position);
    const news = rows as unknown as { peer: number; seq: number }[];
    for (const { peer, seq } of news) growth.set(peer, { delivered: seq, read: 0 });
    setDeliveredTo.run(id.position, me.n);
  }

  function tell(me: PersonRow, peerNumber: number, grown: Growth, at: string, written: WrittenEvent[]): void {
    if (peerNumber === me.n) return; // a note to oneself has nobody to tell
    const place = conversation.get(Math.min(me.n, peerNumber), Math.max(me.n, peerNumber)) as
      | PlaceRow
      | undefined;
    if (!place) return;
    const before = (progressOf.get(place.n, me.n) as ProgressRow | undefined) ?? {
      delivered: 0,
      read: 0,
      shown_delivered: 0,
      shown_read: 0,
      told_peer: null,
      told_self: null,
    };
    const read = Math.max(before.read, Math.min(grown.read, place.last_seq));
    const delivered = Math.max(before.delivered, Math.min(grown.delivered, place.last_seq), read);
    const peer = personByNumber.get(peerNumber) as unknown as PersonRow;
    const shown = shownTo(me, peer, before, { delivered, read });
    const isShownMore = shown.delivered > before.shown_delivered || shown.read > before.shown_read;
    if (read === before.read && delivered === before.delivered && !isShownMore) return;

    let toldPeer = before.told_peer;
    if (isShownMore) {
      const receipt = receiptBetween(me, me, shown.delivered, shown.read, at);
      const told = inbox.putReceipt(peer, receipt, before.told_peer);
      written.push(told);
      toldPeer = told.position;
    }
    let toldSelf = before.told_self;
    if (read > before.read) {
      const told = inbox.putReceipt(me, receiptBetween(peer, me, delivered, read, at), before.told_self);
      written.push(told);
      toldSelf = told.position;
    }
    setProgress.run(place.n, me.n, delivered, read, shown.delivered, shown.read, toldPeer, toldSelf);
  }

  /** What of `mine` the other side may know; what it was told before, it knows. */
  function shownTo(me: PersonRow, peer: PersonRow, before: ProgressRow, mine: Growth): Growth {
    const told = { delivered: before.shown_delivered, read: before.shown_read };
    const about = decided.get(me.n, peer.n) as Decided | undefined;
    const aboutMe = decided.get(peer.n, me.n) as Decided | undefined;
    if (about?.blocked || aboutMe?.blocked) return told;
    return { delivered: mine.delivered, read: me.receipts && peer.receipts ? mine.read : told.read };
  }

  return {
    record,
    /** Tells the other side what was held back and may be told now. */
    catchUp(me: PersonRow, peer: PersonRow, at: string, written: WrittenEvent[]): void {
      tell(me, peer.n, { delivered: 0, read: 0 }, at, written);
    },
  };
}

interface PlaceRow {
  n: number;
  last_seq: number;
}

interface Decided {
  blocked: number;
}
