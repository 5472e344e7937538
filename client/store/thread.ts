/**
 * One thread as it is shown: from the newest message back, as far as it is whole.
 * A hole in the seqs is where the device has not been told everything; the thread ends there until it is filled.
 */
import type { Message } from '../../server/protocol/requests.ts';
import type { Refusal } from '../../server/protocol/problem.ts';
import { announceChange } from './changes.ts';
import { settledState, type MessageState } from './conversations.ts';
import type { Database, MessageRow } from './database.ts';
import { peerOf } from './timeline.ts';

export interface ThreadMessage extends MessageRow {
  /** Own messages only. */
  state?: MessageState;
  /** Why it failed. */
  refusal?: Refusal;
  /** Tried at least once, so the server may have it. */
  tried: boolean;
}

export interface Thread {
  /** Oldest first. */
  messages: ThreadMessage[];
  /** Where what comes before the first one is: on this device, only on the server, or there is nothing. */
  older: 'here' | 'on-server' | 'none';
}

/** The newest `limit` messages with a person that hang together. */
export function readThread(db: Database, peerId: string, limit: number): Promise<Thread> {
  return db.read(['messages', 'outbox', 'conversations'], async (tx) => {
    const conversation = await tx.objectStore('conversations').get(peerId);
    const outbox = tx.objectStore('outbox').index('id');
    const messages: ThreadMessage[] = [];
    let expectedSeq = conversation?.lastSeq ?? 0;
    let isWhole = true;
    const newestFirst = IDBKeyRange.bound([peerId], [peerId, []]);
    let cursor = await tx.objectStore('messages').index('thread').openCursor(newestFirst, 'prev');
    for (; cursor && messages.length < limit; cursor = await cursor.continue()) {
      const row = cursor.value;
      // What was just settled may be ahead of others that are still on their way here: that is no hole.
      const isAhead = row.seq === undefined || (row.unconfirmedSince !== undefined && row.seq > expectedSeq);
      if (!isAhead) {
        isWhole = row.seq === expectedSeq;
        if (!isWhole) break;
        expectedSeq -= 1;
      }
      const shown: ThreadMessage = { ...row, tried: true };
      if (row.fromId === db.personId && conversation) {
        if (row.seq === undefined) {
          const waiting = await outbox.get(row.id);
          shown.state = waiting?.status ?? 'queued';
          shown.tried = (waiting?.attempts ?? 0) > 0;
          if (waiting?.refusal) shown.refusal = waiting.refusal;
        } else {
          shown.state = settledState(row.seq, conversation.theirs);
        }
      }
      messages.push(shown);
    }
    const older = expectedSeq === 0 ? 'none' : cursor && isWhole ? 'here' : 'on-server';
    return { messages: messages.toReversed(), older };
  });
}

/** Stores history that was asked for. It changes neither the cursor nor what is unread. */
export async function addHistory(db: Database, messages: readonly Message[]): Promise<void> {
  const first = messages[0];
  if (!first) return;
  await db.write(['messages'], async (tx) => {
    for (const message of messages) {
      const row: MessageRow = {
        ...message,
        peerId: peerOf(db.personId, message).id,
        place: message.seq,
      };
      await tx.objectStore('messages').put(row);
    }
  });
  announceChange(`thread:${peerOf(db.personId, first).id}`);
}
