/**
 * Freeing the nicks of who has gone: when, and that nobody takes them for a while; the rules are those of sqlite-nicks.ts.
 * Runs inside the writer's transaction.
 */
import type { Ended, NickLimits } from './event-store.ts';
import type { Db } from './postgres-connection.ts';
import { lockPersons, type PersonRow } from './postgres-persons.ts';
import { toPerson } from './sqlite-rows.ts';

/** Of a step, which others wait for. */
const personsAtOnce = 200;
/** Without a look for longer, no node was there, or the data was put back: nobody could be seen meanwhile. */
const awayMs = 24 * 3_600_000;

/** The sessions of these persons end, and their nicks are nobody's. They are locked. */
export async function giveUp(
  db: Db,
  persons: readonly PersonRow[],
  quarantineUntil: string,
): Promise<string[]> {
  const numbers = persons.map(({ n }) => n);
  await db.run(
    `INSERT INTO quarantine (skeleton, drawn, until)
     SELECT skeleton, drawn, $2 FROM person WHERE n = ANY ($1::bigint[]) AND skeleton IS NOT NULL ORDER BY skeleton
     ON CONFLICT (skeleton) DO UPDATE SET drawn = excluded.drawn, until = excluded.until`,
    numbers,
    quarantineUntil,
  );
  await db.run('UPDATE person SET skeleton = NULL WHERE n = ANY ($1::bigint[])', numbers);
  const ended = await db.all<{ token_hash: string }>(
    'DELETE FROM session WHERE person = ANY ($1::bigint[]) RETURNING token_hash',
    numbers,
  );
  return ended.map((row) => row.token_hash);
}

export async function sweepNicks(
  db: Db,
  limits: NickLimits,
  from: number,
): Promise<Ended & { next: number | undefined }> {
  if (from === 0) {
    await db.run('DELETE FROM quarantine WHERE until <= $1', limits.at);
    if (await isHeld(db, limits)) return { sessions: [], left: [], next: undefined };
  }
  const rows = await db.all<{ n: number; used_at: string | null }>(
    `SELECT p.n, (SELECT max(used_at) FROM session WHERE person = p.n) AS used_at
     FROM person p WHERE p.n > $1 AND p.skeleton IS NOT NULL
       -- Who is banned comes back to the nick, and nobody else meanwhile.
       AND (p.banned_until IS NULL OR (p.banned_until <> '' AND p.banned_until <= $2))
     ORDER BY p.n LIMIT ${personsAtOnce}`,
    from,
    limits.at,
  );
  const numbers = rows
    .filter(({ used_at: usedAt }) => usedAt === null || usedAt < limits.seenBefore)
    .map(({ n }) => n);
  const locked = numbers.length === 0 ? [] : [...(await lockPersons(db, { numbers })).byNumber.values()];
  const gone = locked.filter(({ skeleton }) => skeleton !== null);
  return {
    sessions: gone.length === 0 ? [] : await giveUp(db, gone, limits.quarantineUntil),
    left: gone.map(toPerson),
    next: rows.length === personsAtOnce ? rows.at(-1)!.n : undefined,
  };
}

/** True while everybody is held. */
async function isHeld(db: Db, { at, holdUntil }: NickLimits): Promise<boolean> {
  const known = (await db.get<{ swept_at: string | null; hold_until: string | null }>(
    'SELECT swept_at, hold_until FROM life FOR UPDATE',
  ))!;
  const sinceMs = known.swept_at === null ? Infinity : Date.parse(at) - Date.parse(known.swept_at);
  // A clock that was put back says no more than one that stood still; those of two nodes are never quite the same.
  const wasAway = sinceMs > awayMs || sinceMs < -60_000;
  const until = wasAway || known.hold_until === null ? holdUntil : known.hold_until;
  await db.run('UPDATE life SET swept_at = $1, hold_until = $2', at, until);
  return at < until;
}
