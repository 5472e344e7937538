/** What several nodes have in their PostgreSQL, as messages-on-disk.ts reads it of the other store. */
import type { Seen } from './checker.ts';
import { askPostgres } from './postgres.ts';

export async function messagesInDatabase(url: string): Promise<Map<string, Seen[]>> {
  const rows = await askPostgres(
    url,
    `SELECT m.seq::int, f.id AS "fromId", m.id, m.text, least(a.nick, b.nick) || '-' || greatest(a.nick, b.nick) AS name
     FROM message m JOIN person f ON f.n = m.sender JOIN conversation c ON c.n = m.conversation
     JOIN person a ON a.n = c.a JOIN person b ON b.n = c.b ORDER BY c.n, m.seq`,
  );
  return Map.groupBy(rows as unknown as (Seen & { name: string })[], ({ name }) => name);
}
