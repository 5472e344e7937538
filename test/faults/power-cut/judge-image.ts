/** What is wrong with a disk after a power cut: opened by the real SQLite, and held against what had been acknowledged. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Promised {
  people: Set<string>;
  /** Text by id. */
  messages: Map<string, string>;
}

export function layOut(image: ReadonlyMap<string, Buffer>, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, content] of image) writeFileSync(path.join(folder, name), content);
}

/** What is missing or damaged; empty if all is well. */
export function judgeFolder(folder: string, promised: Promised): string[] {
  const db = new DatabaseSync(path.join(folder, 'opentalk.db'));
  try {
    // It will be thrown away: nothing needs to be synced, and no other process looks at it.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF');
    const found = db
      .prepare('PRAGMA quick_check')
      .all()
      .map((row) => String(row['quick_check']));
    if (found.join() !== 'ok') return [`corrupt: ${found.join('; ')}`];
    const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
    const isMade = tables > 0;
    if (!isMade) return promised.people.size > 0 ? ['lost: everything'] : [];
    return [...lost(db, promised), ...gaps(db)];
  } catch (error) {
    return [`corrupt: ${String(error)}`];
  } finally {
    db.close();
  }
}

function lost(db: DatabaseSync, { people, messages }: Promised): string[] {
  const column = (sql: string) =>
    new Map(
      db
        .prepare(sql)
        .all()
        .map(({ id, kept }) => [id, kept]),
    );
  const [keptPeople, kept] = [
    column('SELECT id, nick AS kept FROM person'),
    column('SELECT id, text AS kept FROM message'),
  ];
  return [
    ...[...people].filter((id) => !keptPeople.has(id)).map((id) => `lost: person ${id}`),
    ...[...messages].filter(([id, text]) => kept.get(id) !== text).map(([, text]) => `lost: ${text}`),
  ];
}

/** Conversations and inboxes whose numbers are not 1, 2, 3 … up to where they say they are. */
function gaps(db: DatabaseSync): string[] {
  return db
    .prepare(`
      SELECT 'gap: conversation ' || c.n AS gap
      FROM conversation c LEFT JOIN message m ON m.conversation = c.n
      GROUP BY c.n HAVING count(m.n) <> c.last_seq OR max(m.seq) <> c.last_seq OR min(m.seq) <> 1
      UNION ALL
      SELECT 'gap: inbox of ' || p.nick
      FROM person p LEFT JOIN inbox i ON i.person = p.n
      GROUP BY p.n HAVING count(i.position) <> p.head OR coalesce(max(i.position), 0) <> p.head`)
    .all()
    .map(({ gap }) => String(gap));
}
