/**
 * When the other side of a conversation received and read: one row for each step it made.
 * In the log a receipt supersedes those before it, so a time here is the latest that it can have been.
 */
import type { Progress } from '../../server/protocol/requests.ts';
import type { MilestoneRow, Transaction, WriteTransaction } from './database.ts';

const kinds = ['delivered', 'read'] as const;

/** Notes the steps from `before` to `after`. Part of a larger write. */
export async function noteMilestones(
  tx: WriteTransaction,
  peerId: string,
  before: Progress,
  after: Progress,
  at: string,
): Promise<void> {
  const store = tx.objectStore('milestones');
  for (const kind of kinds) {
    if (after[kind] <= before[kind]) continue;
    const reached: MilestoneRow = { peerId, kind, upTo: before[kind] };
    // Learned from a snapshot, which has no times: it must not pass for having happened only now.
    const isNoted = await store.getKey([peerId, kind, reached.upTo]);
    if (reached.upTo > 0 && isNoted === undefined) await store.put(reached);
    await store.put({ peerId, kind, upTo: after[kind], at });
  }
}

/** The server's data went back: what lies beyond `progress` has not happened. Part of a larger write. */
export async function forgetMilestonesBeyond(
  tx: WriteTransaction,
  peerId: string,
  progress: Progress,
): Promise<void> {
  for (const kind of kinds) {
    const beyond = IDBKeyRange.bound([peerId, kind, progress[kind]], [peerId, kind, []], true);
    await tx.objectStore('milestones').delete(beyond);
  }
}

/** By when the other side had `seq`, ISO 8601; undefined if it has not, or if nobody can say. */
export async function milestoneAt(
  tx: Transaction<IDBTransactionMode>,
  peerId: string,
  kind: keyof Progress,
  seq: number,
): Promise<string | undefined> {
  const from = IDBKeyRange.bound([peerId, kind, seq], [peerId, kind, []]);
  return (await tx.objectStore('milestones').get(from))?.at;
}
