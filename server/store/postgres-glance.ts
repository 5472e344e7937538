/** What the other nodes did, as far as this one has to know it: one statement, whatever is asked for. */
import type { Db } from './postgres-connection.ts';
import type { Glance } from './shared-store.ts';

export async function glance(
  db: Db,
  { personIds, tokenHashes }: { personIds: readonly string[]; tokenHashes: readonly string[] },
): Promise<Glance> {
  const found = await db.get<Glance>(
    `SELECT
       (SELECT coalesce(json_agg(json_build_array(id, head)), '[]') FROM person WHERE id = ANY ($1::text[])) AS heads,
       ARRAY(SELECT h FROM unnest($2::text[]) AS h
         WHERE NOT EXISTS (SELECT FROM session WHERE token_hash = h COLLATE "C")) AS ended,
       discretion
     FROM life`,
    personIds,
    tokenHashes,
  );
  return found!;
}
