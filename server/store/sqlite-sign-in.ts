/** Taking a nick, and giving it back: the writing side of persons and sessions. Runs inside the writer's transaction. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { drawnSkeleton, nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { SignIn, SignInOutcome, StoredPerson } from './event-store.ts';
import { toPerson, type PersonRow } from './sqlite-rows.ts';

/** For so long the same key is the same attempt: its answer may have been lost. */
const attemptMs = 10 * 60_000;

export function createSignIn(db: DatabaseSync) {
  const personBySkeleton = db.prepare('SELECT * FROM person WHERE skeleton = ?');
  const looksLikeOthers = db.prepare(`
    SELECT 1 FROM person WHERE drawn = ?1 AND skeleton IS NOT NULL
    UNION ALL SELECT 1 FROM quarantine WHERE (skeleton = ?2 OR drawn = ?1) AND until > ?3 LIMIT 1`);
  const addPerson = db.prepare(
    'INSERT INTO person (id, nick, lower_nick, skeleton, drawn, first_tag) VALUES (?, ?, ?, ?, ?, ?) RETURNING *',
  );
  const attemptOf = db.prepare('SELECT began_at FROM session WHERE attempt = ? AND person = ?');
  const endAttempt = db.prepare('DELETE FROM session WHERE attempt = ? AND person = ? RETURNING token_hash');
  const addSession = db.prepare(
    'INSERT INTO session (token_hash, person, attempt, began_at, id, device, used_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const endSession = db.prepare('DELETE FROM session WHERE token_hash = ? RETURNING person');
  const otherSession = db.prepare('SELECT 1 FROM session WHERE person = ? LIMIT 1');
  const freeNick = db.prepare('UPDATE person SET skeleton = NULL, last_seen = ? WHERE n = ? RETURNING *');

  return {
    signIn({ nick, tokenHash, key: given, device = '', at }: SignIn): SignInOutcome {
      // Whoever reads the file could sign in with it.
      const key = given && createHash('sha256').update(given).digest('base64url');
      const skeleton = nickSkeleton(nick);
      const owner = personBySkeleton.get(skeleton) as PersonRow | undefined;
      const drawn = drawnSkeleton(nick);
      if (owner ? !isSameAttempt(owner, key, at) : looksLikeOthers.get(drawn, skeleton, at))
        return { kind: 'nick-taken' };
      const ended = owner && (endAttempt.get(key!, owner.n) as { token_hash: string } | undefined);
      const firstTag = randomBytes(6).toString('hex');
      const person =
        owner ??
        (addPerson.get(
          randomUUID(),
          nick,
          nick.toLowerCase(),
          skeleton,
          drawn,
          firstTag,
        ) as unknown as PersonRow);
      addSession.run(tokenHash, person.n, key ?? null, at, randomUUID(), device, at);
      return { kind: 'signed-in', me: toPerson(person), ...(ended ? { ended: ended.token_hash } : {}) };
    },

    signOut(tokenHash: string, at: string): { left: StoredPerson | undefined } {
      const ended = endSession.get(tokenHash) as { person: number } | undefined;
      if (!ended || otherSession.get(ended.person)) return { left: undefined };
      return { left: toPerson(freeNick.get(at, ended.person) as unknown as PersonRow) };
    },
  };

  function isSameAttempt(owner: PersonRow, key: string | undefined, at: string): boolean {
    if (key === undefined) return false;
    const began = attemptOf.get(key, owner.n) as { began_at: string } | undefined;
    return began !== undefined && Date.parse(at) - Date.parse(began.began_at) <= attemptMs;
  }
}
