/**
 * What came in: events of the inbox, stored together with the cursor in one transaction. Snapshots are snapshot.ts.
 *
 * That is the whole guarantee: the cursor never stands behind an event that was not stored, nor before one that was.
 * Applying an event twice changes nothing. Whoever gets an error here must reconnect from the stored cursor.
 */
import type { Receipt, StreamEvent } from '../../server/protocol/events.ts';
import type { Message, Progress } from '../../server/protocol/requests.ts';
import { announceChange, type Topic } from './changes.ts';
import { changeConversation, countUnread, furthest } from './conversations.ts';
import type { Database, MessageRow, WriteTransaction } from './database.ts';
import { erasePerson } from './erase-person.ts';
import { noteMilestones } from './milestones.ts';
import { noteWriting } from './peers.ts';
import { journeyOf } from './outbox.ts';

export interface LoggedStreamEvent {
  id: string;
  /** Undefined for a kind that this version does not know: only its cursor is kept. */
  event: StreamEvent | undefined;
}

export const inboxStores = ['messages', 'conversations', 'outbox', 'milestones', 'peers', 'meta'] as const;

export async function readCursor(db: Database): Promise<string | undefined> {
  const cursor = await db.read(['meta'], (tx) => tx.objectStore('meta').get('cursor'));
  return typeof cursor === 'string' ? cursor : undefined;
}

/**
 * Stores events of the log, oldest first, and the cursor after them, which may stand behind superseded ones. `onto`
 * 'a-cursor' rejects where there is none: the database was emptied since the stream was opened, and these alone would
 * pass for all there is.
 */
export async function applyEvents(
  db: Database,
  events: readonly LoggedStreamEvent[],
  now = Date.now(),
  cursor = events.at(-1)?.id,
  onto: 'anything' | 'a-cursor' = 'anything',
): Promise<void> {
  if (cursor === undefined) return;
  const topics = new Set<Topic>();
  await db.write([...inboxStores], async (tx) => {
    if (onto === 'a-cursor' && (await tx.objectStore('meta').get('cursor')) === undefined) {
      throw new Error('The database was emptied.');
    }
    for (const { event } of events) {
      if (event?.kind === 'inbox') await applyMessage(tx, db.personId, event.data, topics, now);
      if (event?.kind === 'receipt') await applyReceipt(tx, db.personId, event.data, topics);
      if (event?.kind === 'user_deleted') await erasePerson(tx, event.data, topics);
    }
    await tx.objectStore('meta').put(cursor, 'cursor');
  });
  announceChange(...topics);
}

async function applyMessage(
  tx: WriteTransaction,
  myId: string,
  message: Message,
  topics: Set<Topic>,
  now: number,
): Promise<void> {
  const isNews = await storeMessage(tx, myId, message, now);
  const peer = peerOf(myId, message);
  const row = await changeConversation(tx, peer, (conversation) => {
    conversation.lastSeq = Math.max(conversation.lastSeq, message.seq);
    if (message.acceptedAt > conversation.lastAt) conversation.lastAt = message.acceptedAt;
  });
  const readTo = Math.max(row.readHere, row.mine.read);
  if (isNews && message.fromId !== myId && message.seq > readTo) {
    row.unread += 1;
    await tx.objectStore('conversations').put(row);
  }
  if (await noteWriting(tx, myId, message)) topics.add('peers');
  topics.add('conversations').add(`thread:${peer.id}`);
  if (message.fromId === myId) topics.add('outbox');
}

/** Puts a message that the server has in its place; an own one is thereby sent and confirmed. False if it was known. */
export async function storeMessage(
  tx: WriteTransaction,
  myId: string,
  message: Message,
  now: number,
): Promise<boolean> {
  const messages = tx.objectStore('messages');
  const known = await messages.get([message.fromId, message.id]);
  const row: MessageRow = {
    ...message,
    peerId: peerOf(myId, message).id,
    place: message.seq,
    ...(known || message.fromId === myId ? knownHere(known) : { arrivedAt: now }),
  };
  if (message.fromId === myId) {
    const waiting = await tx.objectStore('outbox').index('id').get(message.id);
    if (waiting) {
      Object.assign(row, journeyOf(waiting));
      await tx.objectStore('outbox').delete(waiting.ordinal!);
    }
  }
  await messages.put(row);
  return known?.seq === undefined;
}

/** What only this device knows of a message: it stays when the server's copy of it comes again. */
export function knownHere(row: MessageRow | undefined): Pick<MessageRow, 'tries' | 'leftAt' | 'arrivedAt'> {
  const { tries, leftAt, arrivedAt } = row ?? {};
  return {
    ...(tries === undefined ? {} : { tries }),
    ...(leftAt === undefined ? {} : { leftAt }),
    ...(arrivedAt === undefined ? {} : { arrivedAt }),
  };
}

async function applyReceipt(
  tx: WriteTransaction,
  myId: string,
  receipt: Receipt,
  topics: Set<Topic>,
): Promise<void> {
  const { with: nick, by, byId, delivered, read, at } = receipt;
  const withId = receipt.withId ?? (await idBehind(tx, nick));
  // Of a conversation that is not on this device: it comes with the snapshot.
  if (withId === undefined) return;
  const isMine = byId === undefined ? by !== nick : byId === myId;
  let before: Progress | undefined;
  const row = await changeConversation(tx, { id: withId, nick }, (conversation) => {
    const side = isMine ? 'mine' : 'theirs';
    if (side === 'theirs') before = conversation.theirs;
    conversation[side] = furthest(conversation[side], { delivered, read });
  });
  if (isMine) {
    row.unread = await countUnread(tx, row);
    await tx.objectStore('conversations').put(row);
  }
  if (before) await noteMilestones(tx, withId, before, row.theirs, at);
  topics.add('conversations').add(`thread:${withId}`);
}

/** Whom one last talked to under a nick. */
async function idBehind(tx: WriteTransaction, nick: string): Promise<string | undefined> {
  const rows = (await tx.objectStore('conversations').getAll()).filter((row) => row.nick === nick);
  return rows.toSorted((a, b) => a.lastAt.localeCompare(b.lastAt)).at(-1)?.peerId;
}

/** The other person of a message's conversation; oneself for a note. */
export function peerOf(
  myId: string,
  message: Pick<Message, 'from' | 'fromId' | 'to' | 'toId'>,
): { id: string; nick: string } {
  return message.fromId === myId
    ? { id: message.toId, nick: message.to }
    : { id: message.fromId, nick: message.from };
}
