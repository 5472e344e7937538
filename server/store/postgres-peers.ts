/**
 * Writing down what a person decided about others and about themselves, and their reports; and the number that tells the
 * other nodes when there is something new of it for them. Runs inside the writer's transaction.
 */
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { PeerFlags, Privacy, Report } from '../protocol/peers.ts';
import type { PeerStore } from './peer-store.ts';
import type { Db } from './postgres-connection.ts';
import { lockPersons, noPerson, type PersonRow } from './postgres-persons.ts';
import { tellAll } from './postgres-receipts.ts';
import { toPrivacy, type PrivacyRow } from './sqlite-peers.ts';
import { toPerson } from './sqlite-rows.ts';

type Peer = { with: string; withId?: string };

/** What of a change is not given stays as it is. */
const bit = (value: boolean | undefined) => (value === undefined ? null : Number(value));

export async function setPeer(
  db: Db,
  personId: string,
  peer: Peer,
  { blocked, muted, accepted }: Partial<PeerFlags>,
  at: string,
): ReturnType<PeerStore['setPeer']> {
  const [me, other] = await lockBoth(db, personId, peer);
  if (!other || other.n === me.n) return undefined;
  await db.run(
    `INSERT INTO peer (person, other, blocked, muted, accepted)
     VALUES ($1, $2, coalesce($3::integer, 0), coalesce($4::integer, 0), coalesce($5::integer, 0))
     ON CONFLICT (person, other) DO UPDATE SET blocked = coalesce($3, peer.blocked),
       muted = coalesce($4, peer.muted), accepted = coalesce($5, peer.accepted)`,
    me.n,
    other.n,
    bit(blocked),
    bit(muted),
    bit(accepted),
  );
  if (blocked !== undefined) await countDiscretion(db);
  // What was held back while they were strangers, or apart, is told now.
  const nothing = { delivered: 0, read: 0, at };
  const told = await tellAll(db, [
    { me, peer: other, ...nothing },
    { me: other, peer: me, ...nothing },
  ]);
  const apart = await db.get(
    `SELECT 1 FROM peer WHERE blocked = 1 AND ((person = $1 AND other = $2) OR (person = $2 AND other = $1))`,
    me.n,
    other.n,
  );
  return { peer: toPerson(other), isApart: apart !== undefined, inboxes: [...new Set(told.flat())] };
}

export async function setPrivacy(
  db: Db,
  personId: string,
  { receipts, typing, presence }: Partial<Privacy>,
): Promise<Privacy> {
  const row = await db.get<PrivacyRow>(
    `UPDATE person SET receipts = coalesce($2::integer, receipts), typing = coalesce($3::integer, typing),
       presence = coalesce($4::integer, presence)
     WHERE id = $1 RETURNING receipts, typing, presence`,
    personId,
    bit(receipts),
    bit(typing),
    bit(presence),
  );
  if (!row) throw noPerson(personId);
  if (typing !== undefined || presence !== undefined) await countDiscretion(db);
  return toPrivacy(row);
}

export async function addReport(
  db: Db,
  personId: string,
  report: Omit<Report, 'as'>,
  at: string,
): Promise<boolean> {
  const [me, other] = await lockBoth(db, personId, report);
  if (!other || other.n === me.n) return false;
  const messages = await db.all(
    `SELECT f.nick AS "from", f.id AS "fromId", m.id, m.text, m.accepted_at AS "acceptedAt"
     FROM conversation c JOIN message m ON m.conversation = c.n JOIN person f ON f.n = m.sender
     WHERE c.a = least($1::bigint, $2) AND c.b = greatest($1, $2) AND m.id = ANY ($3::text[]) ORDER BY m.seq`,
    me.n,
    other.n,
    (report.messages ?? []).map((id) => id.toLowerCase()),
  );
  await db.run(
    'INSERT INTO report (reporter, reported, reason, note, messages, at) VALUES ($1, $2, $3, $4, $5, $6)',
    me.n,
    other.n,
    report.reason,
    report.note ?? '',
    JSON.stringify(messages),
    at,
  );
  return true;
}

/** What `discretion()` answers has changed. Last in a transaction if may be: others wait for the same row. */
export async function countDiscretion(db: Db): Promise<void> {
  await db.run('UPDATE life SET discretion = discretion + 1');
}

async function lockBoth(db: Db, personId: string, peer: Peer): Promise<[PersonRow, PersonRow | undefined]> {
  const skeleton = nickSkeleton(peer.with);
  const wanted = peer.withId === undefined ? { skeletons: [skeleton] } : { numbers: [] };
  const ids = peer.withId === undefined ? [personId] : [personId, peer.withId];
  const persons = await lockPersons(db, { ids, ...wanted });
  const me = persons.mustHave(personId);
  return [me, peer.withId === undefined ? persons.called(skeleton) : persons.withId(peer.withId)];
}
