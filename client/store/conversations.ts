/**
 * The conversations of this device: what the list shows, and how far each side has received and read.
 * Progress only ever grows, whatever order the news of it comes in.
 */
import type { Progress } from '../../server/protocol/requests.ts';
import { announceChange } from './changes.ts';
import type { ConversationRow, Database, MessageRow, ReadTransaction, WriteTransaction } from './database.ts';

/** Behind every seq there can be: where what has no seq yet stands in its thread. */
export const unsentPlace = 2 ** 40;

export interface ConversationEntry extends ConversationRow {
  draft: string;
  last?: MessageRow;
  /** State of the last message if it is one's own. */
  lastState?: MessageState;
}

export type MessageState = 'queued' | 'failed' | 'sent' | 'delivered' | 'read';

/** The state of an own message that has a seq, from how far the other side got. */
export function settledState(seq: number, theirs: Progress, isNote: boolean): MessageState {
  if (isNote) return 'sent'; // there is nobody else to receive or read it
  if (seq <= theirs.read) return 'read';
  return seq <= theirs.delivered ? 'delivered' : 'sent';
}

/** Of which conversations the last message is read: it costs a device more than all the rest. */
export interface ListPart {
  atMost: number;
  /** Whether a conversation with this nick is shown. */
  fits: (nick: string) => boolean;
}

/** The conversations in which something was said or drafted, the latest first. */
export function listConversations(
  db: Database,
  { atMost, fits }: ListPart = { atMost: Infinity, fits: () => true },
): Promise<ConversationEntry[]> {
  return db.read(['conversations', 'messages', 'drafts', 'outbox'], async (tx) => {
    const [rows, drafts] = await Promise.all([
      tx.objectStore('conversations').getAll(),
      tx.objectStore('drafts').getAll(),
    ]);
    const draftOf = new Map(drafts.map((row) => [row.peerId, row.text]));
    const latestFirst = rows
      .toSorted((a, b) => (a.lastAt < b.lastAt ? 1 : -1))
      .map((row): ConversationEntry => ({ ...row, draft: draftOf.get(row.peerId) ?? '' }));
    const shown = new Set(latestFirst.filter(({ nick }) => fits(nick)).slice(0, atMost));
    await Promise.all(
      latestFirst
        // Without a seq nobody knows whether anything was said.
        .filter((entry) => shown.has(entry) || entry.lastSeq === 0)
        .map((entry) => addLast(tx, db.personId, entry)),
    );
    return latestFirst.filter(({ lastSeq, last, draft }) => lastSeq > 0 || last || draft !== '');
  });
}

/** Reads the last messages of some more of the conversations that were listed. */
export async function addLastMessages(db: Database, entries: readonly ConversationEntry[]): Promise<void> {
  await db.read(['messages', 'outbox'], (tx) =>
    Promise.all(entries.map((entry) => addLast(tx, db.personId, entry))),
  );
}

async function addLast(tx: ReadTransaction, myId: string, entry: ConversationEntry): Promise<void> {
  const { peerId, theirs } = entry;
  const thread = tx.objectStore('messages').index('thread');
  const last = (await thread.openCursor(IDBKeyRange.bound([peerId], [peerId, []]), 'prev'))?.value;
  if (!last) return;
  entry.last = last;
  if (last.fromId !== myId) return;
  entry.lastState =
    last.seq === undefined
      ? ((await tx.objectStore('outbox').index('id').get(last.id))?.status ?? 'queued')
      : settledState(last.seq, theirs, peerId === myId);
}

export function readConversation(db: Database, peerId: string): Promise<ConversationRow | undefined> {
  return db.read(['conversations'], (tx) => tx.objectStore('conversations').get(peerId));
}

/** The row of a conversation, new if there is none, changed by `change`. Part of a larger write. */
export async function changeConversation(
  tx: WriteTransaction,
  peer: { id: string; nick: string },
  change: (row: ConversationRow) => void,
): Promise<ConversationRow> {
  const store = tx.objectStore('conversations');
  const row = (await store.get(peer.id)) ?? newConversation(peer);
  row.nick = peer.nick;
  change(row);
  await store.put(row);
  return row;
}

function newConversation(peer: { id: string; nick: string }): ConversationRow {
  return {
    peerId: peer.id,
    nick: peer.nick,
    lastSeq: 0,
    lastAt: new Date(0).toISOString(),
    mine: { delivered: 0, read: 0 },
    theirs: { delivered: 0, read: 0 },
    readHere: 0,
    unread: 0,
  };
}

/** Both values at their highest so far. */
export function furthest(a: Progress, b: Progress): Progress {
  return { delivered: Math.max(a.delivered, b.delivered), read: Math.max(a.read, b.read) };
}

/** Counts the messages of the other side behind the last one read. Part of a larger write. */
export async function countUnread(tx: WriteTransaction, row: ConversationRow): Promise<number> {
  const readTo = Math.max(row.readHere, row.mine.read);
  const range = IDBKeyRange.bound([row.peerId, readTo], [row.peerId, unsentPlace], true, true);
  let unread = 0;
  let cursor = await tx.objectStore('messages').index('thread').openCursor(range);
  for (; cursor; cursor = await cursor.continue()) {
    // What has lost its seq is kept to be read, and is no news; of notes the other side is oneself.
    const { fromId, toId, seq } = cursor.value;
    if (fromId === row.peerId && toId !== row.peerId && seq !== undefined) unread += 1;
  }
  return unread;
}

/** The person has seen the thread up to `seq`. The server hears of it later, also after a start offline. */
export async function markRead(db: Database, peerId: string, seq: number): Promise<void> {
  const grew = await db.write(['conversations', 'messages'], async (tx) => {
    const store = tx.objectStore('conversations');
    const row = await store.get(peerId);
    if (!row || seq <= Math.max(row.readHere, row.mine.read)) return false;
    row.readHere = seq;
    row.unread = await countUnread(tx, row);
    await store.put(row);
    return true;
  });
  if (grew) announceChange('conversations', `thread:${peerId}`);
}

export interface UnreportedRead {
  peerId: string;
  with: string;
  upTo: number;
}

/** What was read here and has not come back from the server. Of notes to oneself nobody is told. */
export function unreportedReads(db: Database): Promise<UnreportedRead[]> {
  return db.read(['conversations'], async (tx) => {
    const rows = await tx.objectStore('conversations').getAll();
    return rows
      .filter((row) => row.readHere > row.mine.read && row.peerId !== db.personId)
      .map((row) => ({ peerId: row.peerId, with: row.nick, upTo: row.readHere }));
  });
}
