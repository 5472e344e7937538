/** Reading what persons decided about others, and whom the operator keeps out. */
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { PeerFlags, Privacy } from '../protocol/peers.ts';
import type { Ban, StoredDiscretion, StoredPeer } from './peer-store.ts';
import type { Db } from './postgres-connection.ts';
import type { PersonRow } from './postgres-persons.ts';
import { findPerson } from './postgres-read.ts';
import { toPrivacy, type PrivacyRow } from './sqlite-peers.ts';
import { toPerson } from './sqlite-rows.ts';

// Who wrote to whom is known by the seq of each side's first message in their conversation.
const listed = `
  SELECT * FROM (
    SELECT o.*, coalesce(p.blocked, 0) = 1 AS blocked, coalesce(p.muted, 0) = 1 AS muted,
      coalesce(p.accepted, 0) = 1 OR c.n IS NULL
        OR CASE WHEN c.a = $1 THEN c.a_first ELSE c.b_first END > 0 AS accepted
    FROM (
      SELECT other FROM peer WHERE person = $1
      UNION SELECT b FROM conversation WHERE a = $1 AND a_first = 0
      UNION SELECT a FROM conversation WHERE b = $1 AND b_first = 0) k
    JOIN person o ON o.n = k.other
    LEFT JOIN peer p ON p.person = $1 AND p.other = k.other
    LEFT JOIN conversation c ON c.a = least($1, k.other) AND c.b = greatest($1, k.other)
  ) all_of_them
  WHERE blocked OR muted OR NOT accepted ORDER BY lower_nick`;

export async function peers(db: Db, personId: string): Promise<{ peers: StoredPeer[]; settings: Privacy }> {
  const me = await findPerson(db, personId);
  const rows = await db.all<PersonRow & PeerFlags>(listed, me.n);
  return {
    peers: rows.map((row) => ({
      person: toPerson(row),
      blocked: row.blocked,
      muted: row.muted,
      accepted: row.accepted,
    })),
    settings: toPrivacy(me as unknown as PrivacyRow),
  };
}

export async function wouldBeFirst(
  db: Db,
  personId: string,
  recipients: readonly { to: string; toId?: string }[],
): Promise<boolean[]> {
  const me = await findPerson(db, personId);
  const rows = await db.all<{ first: boolean }>(
    `SELECT o.n IS NOT NULL AND o.n <> $1 AND NOT EXISTS (
       SELECT FROM conversation WHERE a = least(o.n, $1) AND b = greatest(o.n, $1)) AS first
     FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS w(id, skeleton, i)
     LEFT JOIN person o ON o.id = w.id OR o.skeleton = w.skeleton ORDER BY w.i`,
    me.n,
    recipients.map(({ toId }) => toId ?? null),
    recipients.map(({ to, toId }) => (toId === undefined ? nickSkeleton(to) : null)),
  );
  return rows.map(({ first }) => first);
}

export async function discretion(db: Db): Promise<StoredDiscretion> {
  const without = (what: 'presence' | 'typing') =>
    db.all<{ id: string }>(`SELECT id FROM person WHERE ${what} = 0`);
  const [apart, withoutPresence, withoutTyping] = await Promise.all([
    db.all<{ one: string; other: string }>(`
      SELECT m.id AS one, o.id AS other
      FROM peer p JOIN person m ON m.n = p.person JOIN person o ON o.n = p.other WHERE p.blocked = 1`),
    without('presence'),
    without('typing'),
  ]);
  return {
    apart: apart.map(({ one, other }) => [one, other]),
    withoutPresence: withoutPresence.map(({ id }) => id),
    withoutTyping: withoutTyping.map(({ id }) => id),
  };
}

export async function bans(db: Db, at: string): Promise<Ban[]> {
  const rows = await db.all<{ id: string; until: string }>(
    `SELECT id, banned_until AS until FROM person
     WHERE banned_until IS NOT NULL AND (banned_until = '' OR banned_until > $1)`,
    at,
  );
  return rows.map(({ id, until }) => ({ personId: id, until: until || null }));
}
