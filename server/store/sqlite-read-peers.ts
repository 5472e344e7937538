/** Reading what persons decided about others, and whom the operator keeps out. */
import type { DatabaseSync } from 'node:sqlite';
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { PeerFlags, Privacy } from '../protocol/peers.ts';
import type { Ban, StoredDiscretion, StoredPeer } from './peer-store.ts';
import { toPrivacy, type PrivacyRow } from './sqlite-peers.ts';
import { createFindPerson, toPerson, type PersonRow } from './sqlite-rows.ts';

type PeerRow = PersonRow & Record<keyof PeerFlags, number>;

export function createReadPeers(db: DatabaseSync) {
  const findPerson = createFindPerson(db);
  const personById = db.prepare('SELECT * FROM person WHERE id = ?');
  const personBySkeleton = db.prepare('SELECT * FROM person WHERE skeleton = ?');
  const between = db.prepare('SELECT 1 FROM conversation WHERE a = ? AND b = ?');
  // Who wrote to whom is known by the seq of each side's first message in their conversation.
  const listed = db.prepare(`
    SELECT o.*, coalesce(p.blocked, 0) AS blocked, coalesce(p.muted, 0) AS muted,
      coalesce(p.accepted, 0) OR c.n IS NULL OR iif(c.a = ?1, c.a_first, c.b_first) > 0 AS accepted
    FROM (
      SELECT other FROM peer WHERE person = ?1
      UNION SELECT b FROM conversation WHERE a = ?1 AND a_first = 0
      UNION SELECT a FROM conversation WHERE b = ?1 AND b_first = 0) k
    JOIN person o ON o.n = k.other
    LEFT JOIN peer p ON p.person = ?1 AND p.other = k.other
    LEFT JOIN conversation c ON c.a = min(?1, k.other) AND c.b = max(?1, k.other)
    ORDER BY o.lower_nick`);
  const apart = db.prepare(`
    SELECT m.id AS one, o.id AS other
    FROM peer p JOIN person m ON m.n = p.person JOIN person o ON o.n = p.other WHERE p.blocked = 1`);
  const without = (what: keyof Privacy) => db.prepare(`SELECT id FROM person WHERE ${what} = 0`);
  const [withoutPresence, withoutTyping] = [without('presence'), without('typing')];
  const banned = db.prepare(
    `SELECT id, banned_until FROM person WHERE banned_until IS NOT NULL AND (banned_until = '' OR banned_until > ?)`,
  );

  return {
    peers(personId: string): { peers: StoredPeer[]; settings: Privacy } {
      const me = findPerson(personId);
      const rows = listed.all(me.n) as unknown as PeerRow[];
      const peers = rows
        .map((row) => ({
          person: toPerson(row),
          blocked: row.blocked === 1,
          muted: row.muted === 1,
          accepted: row.accepted === 1,
        }))
        .filter(({ blocked, muted, accepted }) => blocked || muted || !accepted);
      return { peers, settings: toPrivacy(me as unknown as PrivacyRow) };
    },

    wouldBeFirst(personId: string, recipients: readonly { to: string; toId?: string }[]): boolean[] {
      const me = findPerson(personId);
      return recipients.map(({ to, toId }) => {
        const found = toId === undefined ? personBySkeleton.get(nickSkeleton(to)) : personById.get(toId);
        const n = (found as PersonRow | undefined)?.n ?? me.n;
        return n !== me.n && !between.get(Math.min(me.n, n), Math.max(me.n, n));
      });
    },

    discretion(): StoredDiscretion {
      const ids = (rows: unknown) => (rows as { id: string }[]).map(({ id }) => id);
      const pairs = apart.all() as unknown as { one: string; other: string }[];
      return {
        apart: pairs.map(({ one, other }) => [one, other]),
        withoutPresence: ids(withoutPresence.all()),
        withoutTyping: ids(withoutTyping.all()),
      };
    },

    bans(at: string): Ban[] {
      const rows = banned.all(at) as unknown as { id: string; banned_until: string }[];
      return rows.map(({ id, banned_until: until }) => ({ personId: id, until: until || null }));
    },
  };
}
