/**
 * One thread as it is shown: from the newest message back, as far as it is whole.
 * A hole in the seqs is where the device has not been told everything; the thread ends there until it is filled.
 */
import type { Message } from '../../server/protocol/requests.ts';
import type { Placed } from './agreement.ts';
import { announceChange } from './changes.ts';
import { settledState, type MessageState } from './conversations.ts';
import type { ConversationRow, Database, MessageRow, OutboxRow } from './database.ts';
import { knownHere, peerOf } from './timeline.ts';

export interface ThreadMessage extends MessageRow {
  /** Own messages only. */
  state?: MessageState;
  /** Its row in the outbox, while it waits or was refused. */
  waiting?: OutboxRow;
}

export interface Thread {
  /** Oldest first. */
  messages: ThreadMessage[];
  /** Where what comes before the first one is: on this device, only on the server, or there is nothing. */
  older: 'here' | 'on-server' | 'none';
  /** Newer ones than are shown are on this device. */
  isMoreBelow: boolean;
  /** Of the same moment; undefined before anything was said. */
  conversation: ConversationRow | undefined;
}

/** Which part of a thread: the newest `most`, or so many up to a seq. */
export interface ThreadWindow {
  most: number;
  upTo?: number | undefined;
}

/** Messages with a person that hang together; with the newest also all that wait to be sent. */
export function readThread(
  db: Database,
  peerId: string,
  window: number | ((conversation: ConversationRow | undefined) => ThreadWindow),
): Promise<Thread> {
  return db.read(['messages', 'outbox', 'conversations'], async (tx) => {
    const conversation = await tx.objectStore('conversations').get(peerId);
    const newest = conversation?.lastSeq ?? 0;
    const { most, upTo = newest } = typeof window === 'number' ? { most: window } : window(conversation);
    const lastSeq = Math.min(upTo, newest);
    const isMoreBelow = lastSeq < newest;
    const from = Math.max(1, lastSeq - most + 1);
    // One request for all of them: a cursor takes a turn of the event loop for each, which a slow phone feels.
    const index = tx.objectStore('messages').index('thread');
    const [rows, before] = await Promise.all([
      // At the very beginning also what the server lost of it, which stands before the first seq.
      index.getAll(IDBKeyRange.bound([peerId, from === 1 ? 0 : from], [peerId, isMoreBelow ? lastSeq : []])),
      index.getKey([peerId, from - 1]),
    ]);
    const whole = withoutHoles(rows, lastSeq);
    const outbox = tx.objectStore('outbox').index('id');
    const messages = await Promise.all(
      whole.rows.map(async (row) => {
        const waits = row.fromId === db.personId && row.seq === undefined;
        return toThreadMessage(db.personId, row, conversation, waits ? await outbox.get(row.id) : undefined);
      }),
    );
    const reachesBack = whole.missingSeq < from;
    const older =
      whole.missingSeq < (conversation?.keptFrom ?? 1)
        ? 'none'
        : reachesBack && before !== undefined
          ? 'here'
          : 'on-server';
    return { messages, older, isMoreBelow, conversation };
  });
}

/** A message together with how far it got, for who wrote it; `waiting` is its row in the outbox. */
export function toThreadMessage(
  myId: string,
  row: MessageRow,
  conversation: ConversationRow | undefined,
  waiting: OutboxRow | undefined,
): ThreadMessage {
  if (row.fromId !== myId || !conversation) return row;
  if (row.seq !== undefined)
    return { ...row, state: settledState(row.seq, conversation.theirs, row.peerId === row.fromId) };
  return { ...row, state: waiting?.status ?? 'queued', ...(waiting ? { waiting } : {}) };
}

/** The newest rows up to the first hole, and the seq that is missing there: 0 if nothing is. */
function withoutHoles(rows: MessageRow[], lastSeq: number): { rows: MessageRow[]; missingSeq: number } {
  let missingSeq = lastSeq;
  for (let place = rows.length - 1; place >= 0; place -= 1) {
    const { seq, unconfirmedSince } = rows[place]!;
    // What was just settled may be ahead of others that are still on their way here: that is no hole.
    if (seq === undefined || (unconfirmedSince !== undefined && seq > missingSeq)) continue;
    if (seq !== missingSeq) return { rows: rows.slice(place + 1), missingSeq };
    missingSeq -= 1;
  }
  return { rows, missingSeq };
}

/**
 * What came in the inbox with a seq from `from` to `to`, both included. Not what was only answered: that may have been
 * sent after the server's data went back, and then says nothing of what was before.
 */
export function readPlaced(db: Database, peerId: string, from: number, to: number): Promise<Placed[]> {
  return db.read(['messages'], async (tx) => {
    const range = IDBKeyRange.bound([peerId, from], [peerId, to]);
    const rows = await tx.objectStore('messages').index('thread').getAll(range);
    return rows.filter(isConfirmed).map(({ seq, fromId, id }) => ({ seq, fromId, id }));
  });
}

/** The highest seq below `seq` of what came in the inbox. */
export function highestSeqBelow(db: Database, peerId: string, seq: number): Promise<number | undefined> {
  return db.read(['messages'], async (tx) => {
    const range = IDBKeyRange.bound([peerId], [peerId, seq], false, true);
    let cursor = await tx.objectStore('messages').index('thread').openCursor(range, 'prev');
    while (cursor && !isConfirmed(cursor.value)) cursor = await cursor.continue();
    return cursor?.value.seq;
  });
}

function isConfirmed(row: MessageRow): row is MessageRow & { seq: number } {
  return row.seq !== undefined && row.unconfirmedSince === undefined;
}

/** The server keeps nothing of a conversation before this seq: nobody has to ask for it again. */
export async function noteKeptFrom(db: Database, peerId: string, seq: number): Promise<void> {
  await db.write(['conversations'], async (tx) => {
    const row = await tx.objectStore('conversations').get(peerId);
    if (row) await tx.objectStore('conversations').put({ ...row, keptFrom: seq });
  });
  announceChange(`thread:${peerId}`);
}

/**
 * Stores history that was asked for. It changes neither the cursor nor what is unread.
 * If another person is signed in meanwhile it is theirs, and is not for this database.
 */
export async function addHistory(db: Database, history: readonly Message[]): Promise<void> {
  const messages = history.filter(({ fromId, toId }) => fromId === db.personId || toId === db.personId);
  const first = messages[0];
  if (!first) return;
  await db.write(['messages'], async (tx) => {
    for (const message of messages) {
      const known = await tx.objectStore('messages').get([message.fromId, message.id]);
      const row: MessageRow = {
        ...message,
        peerId: peerOf(db.personId, message).id,
        place: message.seq,
        ...knownHere(known),
      };
      await tx.objectStore('messages').put(row);
    }
  });
  announceChange(`thread:${peerOf(db.personId, first).id}`);
}
