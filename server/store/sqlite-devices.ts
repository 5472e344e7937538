/** The devices of a person: listing them, noting their use, ending them. */
import type { DatabaseSync } from 'node:sqlite';
import type { Device } from '../protocol/requests.ts';
import type { Ended, StoredPerson } from './event-store.ts';
import { createFindPerson } from './sqlite-rows.ts';

/** The reading side. */
export function createDeviceReading(db: DatabaseSync) {
  const findPerson = createFindPerson(db);
  const ofPerson = db.prepare(`
    SELECT id, device AS name, began_at AS since, used_at AS lastUsed, token_hash = ?2 AS current
    FROM session WHERE person = ?1 ORDER BY used_at DESC, began_at DESC, id`);

  return {
    devices(personId: string, tokenHash: string): Device[] {
      const rows = ofPerson.all(findPerson(personId).n, tokenHash);
      return rows.map((row) => ({ ...row, current: row['current'] === 1 })) as Device[];
    },
  };
}

/** Runs inside the writer's transaction. `signOut` ends one session, and frees the nick with the last. */
export function createDevices(
  db: DatabaseSync,
  signOut: (tokenHash: string, at: string) => { left: StoredPerson | undefined },
) {
  const findPerson = createFindPerson(db);
  const named = db.prepare('SELECT token_hash FROM session WHERE person = ? AND id = ?');
  const others = db.prepare('SELECT token_hash FROM session WHERE person = ? AND token_hash <> ?');
  const use = db.prepare('UPDATE session SET used_at = ?1 WHERE token_hash = ?2 AND used_at < ?1');

  return {
    endDevices(personId: string, which: { id: string } | { allBut: string }, at: string): Ended {
      const { n } = findPerson(personId);
      const rows = 'id' in which ? named.all(n, which.id) : others.all(n, which.allBut);
      const sessions = rows.map((row) => row['token_hash'] as string);
      return { sessions, left: sessions.flatMap((session) => signOut(session, at).left ?? []) };
    },

    recordUse(tokenHash: string, at: string): void {
      use.run(at, tokenHash);
    },
  };
}
