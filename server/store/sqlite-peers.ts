/** Writing down what a person decided about others and about themselves, and their reports. Runs inside the writer's transaction. */
import type { DatabaseSync } from 'node:sqlite';
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { PeerFlags, Privacy, Report } from '../protocol/peers.ts';
import type { StoredPerson } from './event-store.ts';
import type { WrittenEvent } from './recent-events.ts';
import { newsOf, type createReceipts, type News } from './sqlite-receipts.ts';
import { createFindPerson, toPerson, type PersonRow } from './sqlite-rows.ts';

/** What of `change` is not given stays as it is. */
const bit = (value: boolean | undefined) => (value === undefined ? null : Number(value));

export function createPeers(db: DatabaseSync, receipts: ReturnType<typeof createReceipts>) {
  const findPerson = createFindPerson(db);
  const personById = db.prepare('SELECT * FROM person WHERE id = ?');
  const personBySkeleton = db.prepare('SELECT * FROM person WHERE skeleton = ?');
  const put = db.prepare(`
    INSERT INTO peer (person, other, blocked, muted, accepted)
    VALUES (?1, ?2, coalesce(?3, 0), coalesce(?4, 0), coalesce(?5, 0))
    ON CONFLICT (person, other) DO UPDATE SET blocked = coalesce(?3, blocked), muted = coalesce(?4, muted),
      accepted = coalesce(?5, accepted)`);
  const isBlocking = db.prepare('SELECT 1 FROM peer WHERE person = ? AND other = ? AND blocked = 1');
  const putPrivacy = db.prepare(`
    UPDATE person SET receipts = coalesce(?2, receipts), typing = coalesce(?3, typing),
      presence = coalesce(?4, presence)
    WHERE n = ?1 RETURNING receipts, typing, presence`);
  const handedOver = db.prepare(`
    SELECT f.nick AS "from", f.id AS fromId, m.id, m.text, m.accepted_at AS acceptedAt
    FROM conversation c JOIN message m ON m.conversation = c.n JOIN person f ON f.n = m.sender
    WHERE c.a = ? AND c.b = ? AND m.id IN (SELECT value FROM json_each(?)) ORDER BY m.seq`);
  const putReport = db.prepare(
    'INSERT INTO report (reporter, reported, reason, note, messages, at) VALUES (?, ?, ?, ?, ?, ?)',
  );

  function find(peer: { with: string; withId?: string }): PersonRow | undefined {
    const found =
      peer.withId === undefined ? personBySkeleton.get(nickSkeleton(peer.with)) : personById.get(peer.withId);
    return found as PersonRow | undefined;
  }

  return {
    setPeer(
      personId: string,
      peer: { with: string; withId?: string },
      { blocked, muted, accepted }: Partial<PeerFlags>,
      at: string,
    ): ({ peer: StoredPerson; isApart: boolean } & News) | undefined {
      const me = findPerson(personId);
      const other = find(peer);
      if (!other || other.n === me.n) return undefined;
      put.run(me.n, other.n, bit(blocked), bit(muted), bit(accepted));
      const written: WrittenEvent[] = [];
      // What was held back while they were strangers, or apart, is told now.
      receipts.catchUp(me, other, at, written);
      receipts.catchUp(other, me, at, written);
      const isApart = Boolean(isBlocking.get(me.n, other.n) ?? isBlocking.get(other.n, me.n));
      return { peer: toPerson(other), isApart, ...newsOf(written) };
    },

    setPrivacy(personId: string, { receipts: read, typing, presence }: Partial<Privacy>): Privacy {
      const me = findPerson(personId);
      return toPrivacy(putPrivacy.get(me.n, bit(read), bit(typing), bit(presence)) as unknown as PrivacyRow);
    },

    addReport(personId: string, report: Omit<Report, 'as'>, at: string): boolean {
      const me = findPerson(personId);
      const other = find(report);
      if (!other || other.n === me.n) return false;
      const ids = (report.messages ?? []).map((id) => id.toLowerCase());
      const pair = [Math.min(me.n, other.n), Math.max(me.n, other.n)] as const;
      const messages = JSON.stringify(handedOver.all(...pair, JSON.stringify(ids)));
      putReport.run(me.n, other.n, report.reason, report.note ?? '', messages, at);
      return true;
    },
  };
}

export type PrivacyRow = Record<keyof Privacy, number>;

export function toPrivacy({ receipts, typing, presence }: PrivacyRow): Privacy {
  return { receipts: receipts === 1, typing: typing === 1, presence: presence === 1 };
}
