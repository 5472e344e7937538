/**
 * Letting go of what is older than it is to be kept, a little at a time; what stays, and why, sqlite-prune.ts says. Runs
 * inside the writer's transaction. That nothing of it is left in the files is for PostgreSQL's vacuum to see to.
 */
import type { PruneLimits, PruneStep } from './event-store.ts';
import type { Db } from './postgres-connection.ts';
import { lockPersons, type PersonRow } from './postgres-persons.ts';

/** Of a step, which others wait for. */
const inboxesAtOnce = 200;
const eventsAtOnce = 500;
const messagesAtOnce = 200;

interface MessageRow {
  n: number;
  conversation: number;
  seq: number;
  accepted_at: string;
  is_in_inbox: boolean;
}

/** One step of a pass over everything: inboxes first, because an event must not outlive its message. */
export async function prune(
  db: Db,
  { eventsBefore, messagesBefore }: PruneLimits,
  from: PruneStep['next'],
): Promise<PruneStep> {
  const limit = [eventsBefore, messagesBefore]
    .filter((each) => each !== undefined)
    .toSorted()
    .at(-1);
  if (limit === undefined || from === undefined) return { removed: 0, next: undefined };
  if (from !== 'messages') return pruneInboxes(db, limit, from);
  return messagesBefore === undefined ? { removed: 0, next: undefined } : pruneMessages(db, messagesBefore);
}

async function pruneInboxes(db: Db, before: string, after: number): Promise<PruneStep> {
  // Only those where there is something to remove: the first event that is kept, and has a time, tells.
  const found = await db.all<{ n: number; is_due: boolean }>(
    `SELECT p.n, coalesce((
       SELECT coalesce(m.accepted_at, i.receipt::json ->> 'at') COLLATE "C" < $3
       FROM inbox i LEFT JOIN message m ON m.n = i.message
       WHERE i.person = p.n AND i.position > p.pruned_to AND (i.message IS NOT NULL OR i.receipt IS NOT NULL)
       ORDER BY i.position LIMIT 1), true) AS is_due
     FROM person p WHERE p.n > $1 AND p.head > p.pruned_to ORDER BY p.n LIMIT $2`,
    after,
    inboxesAtOnce,
    before,
  );
  const due = found.filter((inbox) => inbox.is_due).map(({ n }) => n);
  const locked = due.length === 0 ? [] : (await lockPersons(db, { numbers: due })).byNumber.values();
  let removed = 0;
  for (const inbox of locked) {
    const { count, isMore } = await pruneInbox(db, inbox, before, eventsAtOnce - removed);
    removed += count;
    if (isMore) return { removed, next: inbox.n - 1 };
  }
  const last = found.at(-1)?.n;
  return { removed, next: found.length < inboxesAtOnce || last === undefined ? 'messages' : last };
}

async function pruneInbox(
  db: Db,
  { n, pruned_to: from }: PersonRow,
  before: string,
  atMost: number,
): Promise<{ count: number; isMore: boolean }> {
  // A superseded receipt has no time, and goes with what is around it.
  const rows = await db.all<{ position: number; at: string | null }>(
    `SELECT i.position, coalesce(m.accepted_at, i.receipt::json ->> 'at') AS at
     FROM inbox i LEFT JOIN message m ON m.n = i.message
     WHERE i.person = $1 AND i.position > $2 ORDER BY i.position LIMIT $3`,
    n,
    from,
    atMost,
  );
  const firstKept = rows.findIndex(({ at }) => at !== null && at >= before);
  const expired = firstKept === -1 ? rows.length : firstKept;
  if (expired > 0) {
    const last = rows[expired - 1]!.position;
    await db.run('DELETE FROM inbox WHERE person = $1 AND position < $2', n, last);
    await db.run(
      'UPDATE inbox SET message = NULL, receipt = NULL WHERE person = $1 AND position = $2',
      n,
      last,
    );
    await db.run('UPDATE person SET pruned_to = $1 WHERE n = $2', last, n);
  }
  return { count: expired, isMore: firstKept === -1 && rows.length === atMost };
}

/** By their numbers: so what is kept of a conversation has no holes. */
async function pruneMessages(db: Db, before: string): Promise<PruneStep> {
  // One node at a time: what another did meanwhile is seen then.
  const { pruned_to: from } = (await db.get<{ pruned_to: number }>('SELECT pruned_to FROM life FOR UPDATE'))!;
  const rows = await db.all<MessageRow>(
    `SELECT m.n, m.conversation, m.seq, m.accepted_at, EXISTS (
       SELECT FROM (VALUES (m.sender), (m.recipient)) AS p(n)
       WHERE (SELECT i.message FROM inbox i WHERE i.person = p.n AND i.message IS NOT NULL
              ORDER BY i.position LIMIT 1) <= m.n) AS is_in_inbox
     FROM message m WHERE m.n > $1 ORDER BY m.n LIMIT ${messagesAtOnce}`,
    from,
  );
  // Times need not rise with the numbers, a clock may have jumped: where one event stays, its message and all after it do.
  const firstKept = rows.findIndex((row) => row.accepted_at >= before || row.is_in_inbox);
  const expired = firstKept === -1 ? rows : rows.slice(0, firstKept);
  const last = expired.at(-1);
  if (last) {
    await db.run(
      "UPDATE message SET text = '' WHERE n = ANY ($1::bigint[])",
      expired.map(({ n }) => n),
    );
    const seqs = new Map(expired.map(({ conversation, seq }) => [conversation, seq]));
    await db.run(
      `UPDATE conversation SET pruned_to = x.seq FROM unnest($1::bigint[], $2::bigint[]) AS x(n, seq)
       WHERE conversation.n = x.n`,
      [...seqs.keys()],
      [...seqs.values()],
    );
    await db.run('UPDATE life SET pruned_to = $1', last.n);
  }
  return { removed: expired.length, next: expired.length === messagesAtOnce ? 'messages' : undefined };
}
