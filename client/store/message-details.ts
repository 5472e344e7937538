/** One message with all that this device knows of its journey. */
import { settledState } from './conversations.ts';
import type { Database } from './database.ts';
import { milestoneAt } from './milestones.ts';
import { toThreadMessage, type ThreadMessage } from './thread.ts';

export interface MessageDetails {
  message: ThreadMessage;
  /** The label of the other person. */
  nick: string;
  /** ISO 8601, by the server's clock; undefined where nobody can say. */
  deliveredAt?: string;
  readAt?: string;
}

/** Undefined when there is no such message any more. */
export function readMessageDetails(
  db: Database,
  fromId: string,
  id: string,
): Promise<MessageDetails | undefined> {
  return db.read(['messages', 'outbox', 'conversations', 'milestones'], async (tx) => {
    const row = await tx.objectStore('messages').get([fromId, id]);
    if (!row) return undefined;
    const conversation = await tx.objectStore('conversations').get(row.peerId);
    const waiting = fromId === db.personId ? await tx.objectStore('outbox').index('id').get(id) : undefined;
    const details: MessageDetails = {
      message: toThreadMessage(db.personId, row, conversation, waiting),
      nick: conversation?.nick ?? row.to,
    };
    if (row.seq === undefined || !conversation || row.fromId !== db.personId) return details;
    const state = settledState(row.seq, conversation.theirs, row.peerId === row.fromId);
    if (state === 'sent') return details;
    const deliveredAt = await milestoneAt(tx, row.peerId, 'delivered', row.seq);
    if (deliveredAt !== undefined) details.deliveredAt = deliveredAt;
    if (state !== 'read') return details;
    const readAt = await milestoneAt(tx, row.peerId, 'read', row.seq);
    if (readAt !== undefined) details.readAt = readAt;
    return details;
  });
}
