/**
 * Taking a nick and giving it back, and the devices of a person: the writing side. Runs inside the writer's transaction,
 * with the person locked, so that of two devices that leave at once one is the last.
 */
import { createHash, randomUUID } from 'node:crypto';
import { drawnSkeleton, nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { Ended, SignIn, SignInOutcome, StoredPerson } from './event-store.ts';
import type { Db } from './postgres-connection.ts';
import { newTag } from './postgres-inbox.ts';
import { lockPersons, type PersonRow } from './postgres-persons.ts';
import { toPerson } from './sqlite-rows.ts';

/** For so long the same key is the same attempt: its answer may have been lost. */
const attemptMs = 10 * 60_000;
/** Of our advisory locks, those on what a nick looks like. */
const nickLocks = 7_236_543;

export async function signIn(
  db: Db,
  { nick, tokenHash, key: given, device = '', at }: SignIn,
): Promise<SignInOutcome> {
  // Whoever reads the table could sign in with it.
  const key = given && createHash('sha256').update(given).digest('base64url');
  const skeleton = nickSkeleton(nick);
  const drawn = drawnSkeleton(nick);
  const owner = (await lockPersons(db, { skeletons: [skeleton] })).called(skeleton);
  const isTaken = owner
    ? !(await isSameAttempt(db, owner, key, at))
    : await looksLikeOthers(db, drawn, skeleton, at);
  if (isTaken) return { kind: 'nick-taken' };
  const ended =
    owner &&
    (await db.get<{ token_hash: string }>(
      'DELETE FROM session WHERE attempt = $1 AND person = $2 RETURNING token_hash',
      key,
      owner.n,
    ));
  const person =
    owner ??
    (await db.get<PersonRow>(
      `INSERT INTO person (id, nick, lower_nick, skeleton, drawn, first_tag)
       VALUES ($1, $2, $3, $4, $5, $6) RETURNING *`,
      randomUUID(),
      nick,
      nick.toLowerCase(),
      skeleton,
      drawn,
      newTag(),
    ))!;
  await db.run(
    `INSERT INTO session (token_hash, person, attempt, began_at, id, device, used_at)
     VALUES ($1, $2, $3, $4, $5, $6, $4)`,
    tokenHash,
    person.n,
    key ?? null,
    at,
    randomUUID(),
    device,
  );
  return { kind: 'signed-in', me: toPerson(person), ...(ended ? { ended: ended.token_hash } : {}) };
}

/** Also of nicks that others take in the same moment, who wait for each other here. */
async function looksLikeOthers(db: Db, drawn: string, skeleton: string, at: string): Promise<boolean> {
  await db.all('SELECT pg_advisory_xact_lock($1, hashtext($2))', nickLocks, drawn);
  const other = await db.get(
    `SELECT 1 FROM person WHERE drawn = $1 AND skeleton IS NOT NULL
     UNION ALL SELECT 1 FROM quarantine WHERE (skeleton = $2 OR drawn = $1) AND until > $3 LIMIT 1`,
    drawn,
    skeleton,
    at,
  );
  return other !== undefined;
}

async function isSameAttempt(
  db: Db,
  owner: PersonRow,
  key: string | undefined,
  at: string,
): Promise<boolean> {
  if (key === undefined) return false;
  const began = await db.get<{ began_at: string }>(
    'SELECT began_at FROM session WHERE attempt = $1 AND person = $2',
    key,
    owner.n,
  );
  return began !== undefined && Date.parse(at) - Date.parse(began.began_at) <= attemptMs;
}

export async function signOut(
  db: Db,
  tokenHash: string,
  at: string,
): Promise<{ left: StoredPerson | undefined }> {
  const owner = await db.get<{ person: number }>(
    'SELECT person FROM session WHERE token_hash = $1',
    tokenHash,
  );
  if (!owner) return { left: undefined };
  await lockPersons(db, { numbers: [owner.person] });
  const ended = await db.run('DELETE FROM session WHERE token_hash = $1', tokenHash);
  if (ended === 0) return { left: undefined };
  const person = await db.get<PersonRow>(
    `UPDATE person SET skeleton = NULL, last_seen = $1
     WHERE n = $2 AND NOT EXISTS (SELECT FROM session WHERE person = $2) RETURNING *`,
    at,
    owner.person,
  );
  return { left: person && toPerson(person) };
}

/** Ends one device of a person, or all but the one that asks. */
export async function endDevices(
  db: Db,
  personId: string,
  which: { id: string } | { allBut: string },
  at: string,
): Promise<Ended> {
  const { n } = (await lockPersons(db, { ids: [personId] })).mustHave(personId);
  const rows = await db.all<{ token_hash: string }>(
    `SELECT token_hash FROM session WHERE person = $1 AND ${'id' in which ? 'id =' : 'token_hash <>'} $2`,
    n,
    'id' in which ? which.id : which.allBut,
  );
  const ended: Ended = { sessions: rows.map((row) => row.token_hash), left: [] };
  for (const session of ended.sessions) {
    const { left } = await signOut(db, session, at);
    if (left) ended.left.push(left);
  }
  return ended;
}

export async function recordUse(db: Db, tokenHash: string, at: string): Promise<void> {
  await db.run('UPDATE session SET used_at = $1 WHERE token_hash = $2 AND used_at < $1', at, tokenHash);
}

export async function recordSeen(db: Db, seen: readonly { personId: string; at: string }[]): Promise<void> {
  await lockPersons(db, { ids: seen.map(({ personId }) => personId) });
  await db.run(
    `UPDATE person SET last_seen = x.at
     FROM (SELECT "personId" AS id, max(at COLLATE "C") AS at
           FROM json_to_recordset($1) AS s("personId" text, at text) GROUP BY 1) x
     WHERE person.id = x.id AND coalesce(last_seen, '') < x.at AND erased_to IS NULL`,
    JSON.stringify(seen),
  );
}
