/** What a server has on its disk, read beside it: every message by conversation (`ann-bob`), in the order of `seq`. */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Seen } from './checker.ts';

export function messagesOnDisk(dataDir: string): Map<string, Seen[]> {
  const rows = askDisk(
    dataDir,
    `SELECT m.seq, f.id AS fromId, m.id, m.text, min(a.nick, b.nick) || '-' || max(a.nick, b.nick) AS name
     FROM message m JOIN person f ON f.n = m.sender JOIN conversation c ON c.n = m.conversation
     JOIN person a ON a.n = c.a JOIN person b ON b.n = c.b ORDER BY c.n, m.seq`,
  );
  return Map.groupBy(rows as unknown as (Seen & { name: string })[], ({ name }) => name);
}

export function askDisk(dataDir: string, sql: string, ...parameters: string[]): Record<string, unknown>[] {
  const db = new DatabaseSync(path.join(dataDir, 'opentalk.db'), { readOnly: true, timeout: 5_000 });
  try {
    return db.prepare(sql).all(...parameters);
  } finally {
    db.close();
  }
}
