/**
 * Makes room on the device: removes the oldest messages that the server has. The thread then says that they are there,
 * and loads them again when somebody scrolls up to them.
 *
 * It never touches what waits to be sent, what is not confirmed yet, or a draft: they exist nowhere else.
 */
import { announceChange, type Topic } from './changes.ts';
import { unsentPlace } from './conversations.ts';
import type { ConversationRow, Database } from './database.ts';

/** So many messages of a conversation a device keeps in any case: years of an ordinary one. */
export const keepAlways = 10_000;
/** What is kept under pressure, from generous to the bare screenful that a snapshot brings as well. */
const keepUnderPressure = [2_000, 500, 100, 30] as const;
const worthIt = 50;
/** Deletions in one transaction, so that nobody waits long behind them. */
const atMost = 1_000;

/** More than this part of what the browser grants is pressure. */
const pressureFrom = 0.8;

export function isUnderPressure({ usage = 0, quota = 0 }: StorageEstimate): boolean {
  return quota > 0 && usage > pressureFrom * quota;
}

/**
 * The seq before which messages may go when `keep` of them are to stay. What nobody has read yet stays too, unless
 * even the last screenful is all that there is room for.
 */
export function cutOf(row: Pick<ConversationRow, 'lastSeq' | 'readHere' | 'mine'>, keep: number): number {
  const cut = row.lastSeq - keep + 1;
  const isLastResort = keep <= keepUnderPressure.at(-1)!;
  return isLastResort ? cut : Math.min(cut, Math.max(row.readHere, row.mine.read) + 1);
}

/** Removes history behind the newest `keep` messages of each conversation. How many went; a long history takes turns. */
export async function pruneHistory(db: Database, keep: number): Promise<number> {
  const topics = new Set<Topic>();
  const removed = await db.write(
    ['messages', 'conversations', 'outbox', 'milestones'],
    async (tx) => {
      const messages = tx.objectStore('messages');
      const milestones = tx.objectStore('milestones');
      const [rows, waiting] = await Promise.all([
        tx.objectStore('conversations').getAll(),
        tx.objectStore('outbox').getAll(),
      ]);
      const kept = new Set(waiting.map(({ id }) => id));
      let count = 0;
      for (const row of rows) {
        const cut = Math.min(cutOf(row, keep), unsentPlace);
        if (cut <= 1 || count >= atMost) continue;
        const { peerId } = row;
        const old = IDBKeyRange.bound([peerId], [peerId, cut], false, true);
        const going = (await messages.index('thread').getAll(old, atMost - count)).filter(
          // Without a seq, or unconfirmed: the server may not have it.
          ({ id, seq, unconfirmedSince }) =>
            seq !== undefined && unconfirmedSince === undefined && !kept.has(id),
        );
        if (going.length === 0) continue;
        await Promise.all(going.map(({ fromId, id }) => messages.delete([fromId, id])));
        for (const kind of ['delivered', 'read'] as const) {
          await milestones.delete(IDBKeyRange.bound([peerId, kind], [peerId, kind, cut], false, true));
        }
        count += going.length;
        topics.add(`thread:${peerId}`);
      }
      return count;
    },
    'fail',
  );
  if (removed > 0) announceChange(...topics);
  return removed;
}

/**
 * Makes room by removing the least that is worth it: a device that is full at every event should not be made to prune
 * at every event. False if there is nothing left to remove.
 */
export async function makeRoom(db: Database): Promise<boolean> {
  let removed = 0;
  for (const keep of keepUnderPressure) {
    removed += await pruneHistory(db, keep);
    if (removed >= worthIt) break;
  }
  return removed > 0;
}
