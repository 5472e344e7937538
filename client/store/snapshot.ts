/**
 * Beginning anew: why a cursor became useless, and taking over a snapshot, in one transaction with its cursor.
 *
 * The reason of a reset is kept until the snapshot has been taken over: whatever interrupts, the next start finds no
 * cursor, the reason, and everything as it was. Nothing that was composed is ever dropped here.
 */
import type { ResetReason } from '../../server/protocol/events.ts';
import type { Conversation, Message, Snapshot } from '../../server/protocol/requests.ts';
import { onlyHere, placesAfter } from './agreement.ts';
import { announceChange, type Topic } from './changes.ts';
import { changeConversation, countUnread, unsentPlace } from './conversations.ts';
import type { ConversationRow, Database, MessageRow, WriteTransaction } from './database.ts';
import { forgetMilestonesBeyond } from './milestones.ts';
import { requeue } from './reoffer.ts';
import type { Peer } from './outbox.ts';
import { inboxStores, peerOf, storeMessage } from './timeline.ts';

/** How far one conversation is the same here and on the server, and what of the server's was read to find that out. */
export interface Agreement {
  agreed: number;
  messages: readonly Message[];
}

/** By the other person's id. A conversation that is missing here does not exist on the server. */
export type Agreements = ReadonlyMap<string, Agreement>;

/** Ends the life of the cursor; the reason stays until a snapshot has been taken over. */
export async function noteReset(db: Database, reason: ResetReason): Promise<void> {
  await db.write(['meta'], async (tx) => {
    await tx.objectStore('meta').delete('cursor');
    await tx.objectStore('meta').put(reason, 'reset');
  });
}

/**
 * Whether what is here must be compared with the server's before a snapshot is taken over: after any reset. With
 * `retention` too: a server that has let go of a position cannot tell whether a cursor there was of a lost future.
 */
export async function readNeedsWalk(db: Database): Promise<boolean> {
  const reason = await db.read(['meta'], (tx) => tx.objectStore('meta').get('reset'));
  return reason !== undefined;
}

/**
 * Replaces people, takes over conversations and cursor; own messages that wait stay where they are.
 * With `agreements`, what the server has lost loses its seq, which now is or will be another message's: own messages are
 * queued again, those of others stay readable where they stood, until their sender's device brings them back.
 */
export async function applySnapshot(
  db: Database,
  snapshot: Snapshot,
  agreements?: Agreements,
  now = Date.now(),
): Promise<void> {
  const topics = new Set<Topic>(['people', 'conversations', 'outbox']);
  await db.write([...inboxStores, 'people'], async (tx) => {
    await tx.objectStore('people').clear();
    for (const person of snapshot.people) await tx.objectStore('people').put(person);
    if (agreements) await letGo(tx, db.personId, agreements, topics);
    for (const conversation of snapshot.conversations) {
      const peer = peerOfConversation(db.personId, conversation);
      if (!peer) continue;
      const agreement = agreements?.get(peer.id);
      for (const message of agreement?.messages ?? conversation.messages)
        await storeMessage(tx, db.personId, message, now);
      await takeOver(tx, peer, conversation, agreement?.agreed);
      topics.add(`thread:${peer.id}`);
    }
    await tx.objectStore('meta').put(snapshot.cursor, 'cursor');
    await tx.objectStore('meta').delete('reset');
  });
  announceChange(...topics);
}

/** Not every server says who is behind the nick; then it is known by what was said. */
export function peerOfConversation(
  myId: string,
  { with: nick, withId, messages }: Conversation,
): Peer | undefined {
  const last = messages.at(-1);
  const id = withId ?? (last && peerOf(myId, last).id);
  return id === undefined ? undefined : { id, nick };
}

async function takeOver(
  tx: WriteTransaction,
  peer: Peer,
  { lastSeq, mine, theirs, messages, unread }: Conversation,
  agreed?: number,
): Promise<void> {
  const row = await changeConversation(tx, peer, (changed) => {
    // What was read here and not reported stays to be reported, unless the server has gone back before it.
    changed.readHere =
      agreed === undefined
        ? Math.min(changed.readHere, lastSeq)
        : Math.min(Math.max(changed.readHere, changed.mine.read), agreed);
    changed.lastSeq = lastSeq;
    changed.mine = mine;
    changed.theirs = theirs;
    changed.unread = unread;
    const last = messages.at(-1)?.acceptedAt;
    if (last !== undefined && (agreed === undefined || last > changed.lastAt)) changed.lastAt = last;
  });
  if (row.readHere > mine.read) {
    row.unread = await countUnread(tx, row);
    await tx.objectStore('conversations').put(row);
  }
  await forgetMilestonesBeyond(tx, peer.id, theirs);
}

/** Takes the seq from all that the server has not, in every conversation of this device. */
async function letGo(
  tx: WriteTransaction,
  myId: string,
  agreements: Agreements,
  topics: Set<Topic>,
): Promise<void> {
  const own: MessageRow[] = [];
  for (const { checked: _, keptFrom: __, ...conversation } of await tx
    .objectStore('conversations')
    .getAll()) {
    const { peerId } = conversation;
    // What was compared before says nothing of now.
    await tx.objectStore('conversations').put(conversation);
    const { agreed, messages } = agreements.get(peerId) ?? { agreed: 0, messages: [] };
    const above = IDBKeyRange.bound([peerId, agreed], [peerId, unsentPlace], true, true);
    const rows = await tx.objectStore('messages').index('thread').getAll(above);
    const lost = onlyHere(rows.filter(hasSeq), messages, agreed);
    own.push(...lost.filter(({ fromId }) => fromId === myId));
    await keepReadable(
      tx,
      lost.filter(({ fromId }) => fromId !== myId),
      agreed,
    );
    if (!agreements.has(peerId)) await forgetOnServer(tx, conversation);
    topics.add(`thread:${peerId}`);
  }
  await requeue(tx, own);
}

function hasSeq(row: MessageRow): row is MessageRow & { seq: number } {
  return row.seq !== undefined;
}

async function keepReadable(
  tx: WriteTransaction,
  oldestFirst: readonly MessageRow[],
  agreed: number,
): Promise<void> {
  const places = placesAfter(agreed, oldestFirst.length);
  for (const [index, row] of oldestFirst.entries()) {
    const { seq: _, ...kept } = row;
    await tx.objectStore('messages').put({ ...kept, place: places[index]! });
  }
}

/** The server knows nothing of this conversation any more. */
async function forgetOnServer(tx: WriteTransaction, row: ConversationRow): Promise<void> {
  const nothing = { delivered: 0, read: 0 };
  const forgotten = { ...row, lastSeq: 0, mine: nothing, theirs: nothing, readHere: 0, unread: 0 };
  await tx.objectStore('conversations').put(forgotten);
  await forgetMilestonesBeyond(tx, row.peerId, nothing);
}
