/**
 * Offering again what the server no longer has: same ids, oldest first, ahead of all that waits.
 * It is safe to be wrong here: what the server has after all it answers as a duplicate.
 */
import { announceChange, type Topic } from './changes.ts';
import { unsentPlace } from './conversations.ts';
import type { Database, MessageRow, WriteTransaction } from './database.ts';

/**
 * Ids of what was settled and has not come back in the inbox yet. Taken when a catch-up begins and not compared by
 * the clock afterwards: a clock may jump.
 */
export async function listUnconfirmed(db: Database): Promise<string[]> {
  const keys = await db.read(['messages'], (tx) =>
    tx.objectStore('messages').index('unconfirmed').getAllKeys(),
  );
  return keys.map(([, id]) => id);
}

/**
 * Offers again those of `ids` that are unconfirmed still, after a catch-up that should have brought them: a server that
 * was put back to an older copy of its data does not have them. Answers how many.
 */
export async function reofferUnconfirmed(db: Database, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const topics = new Set<Topic>(['outbox', 'conversations']);
  const count = await db.write(['outbox', 'messages'], async (tx) => {
    const rows = await Promise.all(ids.map((id) => tx.objectStore('messages').get([db.personId, id])));
    const lost = rows.filter((row): row is MessageRow => row?.unconfirmedSince !== undefined);
    await requeue(
      tx,
      lost.toSorted((a, b) => a.place - b.place),
    );
    for (const { peerId } of lost) topics.add(`thread:${peerId}`);
    return lost.length;
  });
  if (count > 0) announceChange(...topics);
  return count;
}

/** Own messages, oldest first, back into the outbox and ahead of it; in the thread they wait again. Part of a larger write. */
export async function requeue(tx: WriteTransaction, oldestFirst: readonly MessageRow[]): Promise<void> {
  const outbox = tx.objectStore('outbox');
  const first = (await outbox.openKeyCursor())?.primaryKey ?? 0;
  let next = Math.min(first, 0) - oldestFirst.length;
  for (const message of oldestFirst) {
    const ordinal = next++;
    const { seq: _seq, acceptedAt: _at, unconfirmedSince: _since, ...shown } = message;
    await tx.objectStore('messages').put({ ...shown, place: unsentPlace + ordinal });
    const { id, to, toId, text, composedAt, tries = 1, leftAt } = message;
    if ((await outbox.index('id').getKey(id)) !== undefined) continue;
    await outbox.add({
      ordinal,
      id,
      to,
      toId,
      text,
      composedAt,
      status: 'queued',
      attempts: tries,
      reoffered: true,
      ...(leftAt === undefined ? {} : { lastTriedAt: leftAt }),
    });
  }
}
