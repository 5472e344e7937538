/**
 * Freeing the nicks of who has gone: when, and that nobody takes them for a while, so that a nick which friends still
 * know is not a stranger's the day after. Runs inside the writer's transaction.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Ended, NickLimits } from './event-store.ts';
import { toPerson, type PersonRow } from './sqlite-rows.ts';

/** Of a step, which others wait for. */
const personsAtOnce = 200;
/** Without a look for longer, the server was away, or its data was put back: nobody could be seen meanwhile. */
const awayMs = 24 * 3_600_000;

export function createNicks(db: DatabaseSync) {
  const endSessions = db.prepare('DELETE FROM session WHERE person = ? RETURNING token_hash');
  const quarantine = db.prepare(
    'INSERT OR REPLACE INTO quarantine (skeleton, drawn, until) VALUES (?, ?, ?)',
  );
  const free = db.prepare('UPDATE person SET skeleton = NULL WHERE n = ?');
  const life = db.prepare('SELECT swept_at AS sweptAt, hold_until AS holdUntil FROM life');
  const setLife = db.prepare('UPDATE life SET swept_at = ?, hold_until = ?');
  const letOut = db.prepare('DELETE FROM quarantine WHERE until <= ?');
  const holders = db.prepare(`
    SELECT p.*, (SELECT max(used_at) FROM session WHERE person = p.n) AS used_at
    FROM person p WHERE p.n > ? AND p.skeleton IS NOT NULL
      -- Who is banned comes back to the nick, and nobody else meanwhile.
      AND (p.banned_until IS NULL OR (p.banned_until <> '' AND p.banned_until <= ?))
    ORDER BY p.n LIMIT ?`);

  /** The sessions end, and the nick is nobody's. */
  function giveUp(person: PersonRow, quarantineUntil: string): string[] {
    if (person.skeleton !== null) quarantine.run(person.skeleton, person.drawn, quarantineUntil);
    free.run(person.n);
    return endSessions.all(person.n).map((row) => row['token_hash'] as string);
  }

  /** True while everybody is held. */
  function isHeld({ at, holdUntil }: NickLimits): boolean {
    const known = life.get() as { sweptAt: string | null; holdUntil: string | null };
    const sinceMs = known.sweptAt === null ? Infinity : Date.parse(at) - Date.parse(known.sweptAt);
    // A clock that was put back says no more than one that stood still.
    const wasAway = sinceMs > awayMs || sinceMs < 0;
    const until = wasAway || known.holdUntil === null ? holdUntil : known.holdUntil;
    setLife.run(at, until);
    return at < until;
  }

  return {
    giveUp,
    sweepNicks(limits: NickLimits, from: number): Ended & { next: number | undefined } {
      if (from === 0) {
        letOut.run(limits.at);
        if (isHeld(limits)) return { sessions: [], left: [], next: undefined };
      }
      const rows = holders.all(from, limits.at, personsAtOnce) as unknown as (PersonRow & {
        used_at: string | null;
      })[];
      const gone = rows.filter(({ used_at: usedAt }) => usedAt === null || usedAt < limits.seenBefore);
      return {
        sessions: gone.flatMap((person) => giveUp(person, limits.quarantineUntil)),
        left: gone.map(toPerson),
        next: rows.length === personsAtOnce ? rows.at(-1)!.n : undefined,
      };
    },
  };
}
