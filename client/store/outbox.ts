/**
 * The outbox: what this device has yet to hand to the server.
 *
 * A row leaves only after the server's answer was read, because a worker can be killed between sending and hearing back:
 * sending twice is harmless, losing is not. `sending` is never stored: after any crash everything here is simply queued.
 */
import type { Refusal } from '../../server/protocol/problem.ts';
import type { Draft, Message, Result } from '../../server/protocol/requests.ts';
import { announceChange, type Topic } from './changes.ts';
import { changeConversation, unsentPlace } from './conversations.ts';
import type { Database, MessageRow, OutboxRow, WriteTransaction } from './database.ts';
import { acceptByWriting } from './peers.ts';

const encoder = new TextEncoder();

export interface Peer {
  id: string;
  nick: string;
}

export interface BatchLimits {
  maxDrafts: number;
  maxBytes: number;
}

export interface Composed {
  /** UUID, the message's name for ever. */
  id: string;
  me: Peer;
  peer: Peer;
  text: string;
  /** ISO 8601. */
  composedAt: string;
}

/**
 * Queues a message, shows it in its thread and ends its draft: all in one write, so that a crash leaves it wholly
 * queued or wholly in the draft. Rejects when the device can't store it (QuotaExceededError): then keep the text.
 */
export async function enqueueMessage(db: Database, message: Composed): Promise<void> {
  const { peer } = message;
  await db.write(['outbox', 'messages', 'conversations', 'drafts', 'peers'], async (tx) => {
    // A write whose end was not heard runs again; it may have been complete.
    if (await tx.objectStore('messages').get([message.me.id, message.id])) return;
    await putQueued(tx, message);
    await tx.objectStore('drafts').delete(peer.id);
    await acceptByWriting(tx, peer.id);
  });
  announceChange('outbox', 'conversations', 'drafts', 'peers', `thread:${peer.id}`);
}

/** Puts a message at the end of the queue and of its thread. Part of a larger write. */
export async function putQueued(tx: WriteTransaction, message: Composed): Promise<void> {
  const { id, me, peer, text, composedAt } = message;
  const row: OutboxRow = {
    id,
    to: peer.nick,
    toId: peer.id,
    text,
    composedAt,
    status: 'queued',
    attempts: 0,
  };
  const ordinal = await tx.objectStore('outbox').add(row);
  const shown: MessageRow = {
    fromId: me.id,
    id,
    peerId: peer.id,
    from: me.nick,
    to: peer.nick,
    toId: peer.id,
    text,
    composedAt,
    place: unsentPlace + ordinal,
  };
  await tx.objectStore('messages').add(shown);
  await changeConversation(tx, peer, (conversation) => {
    conversation.lastAt = laterOf(conversation.lastAt, composedAt);
  });
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b;
}

/**
 * Takes what goes out next, oldest first, at most `maxDrafts` and `maxBytes`, but at least one, and counts the try before
 * it is made: from here on the server may have them, whatever we hear. One write, so that what goes out is what stands
 * in the outbox then, and whoever changes or deletes a message comes either before it or too late.
 */
export async function claimBatch(
  db: Database,
  { maxDrafts, maxBytes }: BatchLimits,
  now: number,
): Promise<OutboxRow[]> {
  return claim(db, now, async (tx) => {
    const wanted: OutboxRow[] = [];
    let bytes = 0;
    let cursor = await tx.objectStore('outbox').index('status').openCursor(queued());
    for (; cursor && wanted.length < maxDrafts; cursor = await cursor.continue()) {
      bytes += bytesOf(cursor.value);
      if (wanted.length > 0 && bytes > maxBytes) break;
      wanted.push(cursor.value);
    }
    return wanted;
  });
}

/**
 * Takes all that waits, as claimBatch does, if it is within the limits; else nothing. With `known`, nothing either
 * unless there is something that it does not name.
 */
export function claimAllIfLittle(
  db: Database,
  { maxDrafts, maxBytes }: BatchLimits,
  known: ReadonlySet<string> | undefined,
  now: number,
): Promise<OutboxRow[]> {
  return claim(db, now, async (tx) => {
    const all = await tx
      .objectStore('outbox')
      .index('status')
      .getAll(queued(), maxDrafts + 1);
    const bytes = all.reduce((sum, row) => sum + bytesOf(row), 0);
    const isWanted = known === undefined || all.some(({ id }) => !known.has(id));
    return isWanted && all.length <= maxDrafts && bytes <= maxBytes ? all : [];
  });
}

async function claim(
  db: Database,
  now: number,
  choose: (tx: WriteTransaction) => Promise<OutboxRow[]>,
): Promise<OutboxRow[]> {
  const batch = await db.write(['outbox'], async (tx) => {
    const claimed = (await choose(tx)).map((row) => ({
      ...row,
      attempts: row.attempts + 1,
      lastTriedAt: now,
    }));
    for (const row of claimed) await tx.objectStore('outbox').put(row);
    return claimed;
  });
  if (batch.length > 0) announceChange('outbox');
  return batch;
}

function queued(): IDBKeyRange {
  return IDBKeyRange.bound(['queued'], ['queued', []]);
}

function bytesOf(row: OutboxRow): number {
  return encoder.encode(JSON.stringify(toDraft(row))).length;
}

export function toDraft({ id, to, toId, text, composedAt }: OutboxRow): Draft {
  return { id, to, toId, text, composedAt };
}

/** Takes over what the server answered. Accepted and duplicate rows leave the outbox; rejected ones stay as failed. */
export async function settle(db: Database, results: readonly Result[], now: number): Promise<void> {
  const topics = new Set<Topic>(['outbox', 'conversations']);
  await db.write(['outbox', 'messages', 'conversations'], async (tx) => {
    for (const result of results) {
      const row = await tx.objectStore('outbox').index('id').get(result.id);
      if (!row) continue; // its echo was faster, or the person deleted it
      if (result.status === 'rejected') {
        await fail(tx, row, result.error ?? { code: 'bad_json', detail: '' });
      } else if (result.message) {
        await settleRow(tx, db.personId, row, result.message, result.status, now);
      }
      topics.add(`thread:${row.toId}`);
    }
  });
  announceChange(...topics);
}

async function settleRow(
  tx: WriteTransaction,
  myId: string,
  row: OutboxRow,
  message: Message,
  status: 'accepted' | 'duplicate',
  now: number,
): Promise<void> {
  await tx.objectStore('outbox').delete(row.ordinal!);
  const shown = await tx.objectStore('messages').get([myId, row.id]);
  if (!shown) return;
  const { seq, acceptedAt } = message;
  const settled: MessageRow = { ...shown, ...journeyOf(row), seq, acceptedAt, place: seq };
  const conversation = await tx.objectStore('conversations').get(row.toId);
  // Where the server has had it all along its echo lies before our cursor, and does not come again.
  const hadItAllAlong = row.reoffered && status === 'duplicate' && seq <= (conversation?.lastSeq ?? 0);
  if (hadItAllAlong) delete settled.unconfirmedSince;
  else settled.unconfirmedSince = now;
  await tx.objectStore('messages').put(settled);
}

/** What the outbox knows of the way a message took, for the row that outlives it. */
export function journeyOf({ attempts, lastTriedAt }: OutboxRow): Pick<MessageRow, 'tries' | 'leftAt'> {
  return lastTriedAt === undefined ? {} : { tries: attempts, leftAt: lastTriedAt };
}

/** Marks one queued message as refused: it lets the later ones pass and waits for the person. */
export async function failMessage(db: Database, row: OutboxRow, refusal: Refusal): Promise<void> {
  await db.write(['outbox'], (tx) => fail(tx, row, refusal));
  announceChange('outbox', 'conversations', `thread:${row.toId}`);
}

async function fail(tx: WriteTransaction, row: OutboxRow, refusal: Refusal): Promise<void> {
  const current = await tx.objectStore('outbox').get(row.ordinal!);
  if (current) await tx.objectStore('outbox').put({ ...current, status: 'failed', refusal });
}

/** What goes out next; undefined when nothing waits that could go out. */
export function oldestQueued(db: Database): Promise<OutboxRow | undefined> {
  return db.read(['outbox'], (tx) => tx.objectStore('outbox').index('status').get(queued()));
}

export async function hasNothingQueued(db: Database): Promise<boolean> {
  return (await oldestQueued(db)) === undefined;
}

/** Everything that waits, oldest first. */
export function listOutbox(db: Database): Promise<OutboxRow[]> {
  return db.read(['outbox'], (tx) => tx.objectStore('outbox').getAll());
}
