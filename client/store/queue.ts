/**
 * What a person can do with what waits. A message that was never tried, or was refused, is theirs to change; of any other
 * the server may have a copy, and then it can only be given up. Each of these looks and acts in one write: a flush may
 * take the message at any moment, and comes either before or after.
 */
import { announceChange, type Topic } from './changes.ts';
import { unsentPlace } from './conversations.ts';
import type { Database, FlushState, OutboxRow, WriteTransaction } from './database.ts';
import { readFlushState } from './flush-outbox.ts';
import { listOutbox } from './outbox.ts';

/** Nobody but this device has it. */
export function canBeChanged({ status, attempts }: Pick<OutboxRow, 'status' | 'attempts'>): boolean {
  return status === 'failed' || attempts === 0;
}

/** Has a place among what waits that the person may choose. */
export function canBeMoved({ status, attempts }: OutboxRow): boolean {
  return status === 'queued' && attempts === 0;
}

export interface Queue {
  /** In the order in which they go out. */
  queued: OutboxRow[];
  /** Refused: they wait for the person. */
  failed: OutboxRow[];
  flush: FlushState;
}

export async function readQueue(db: Database): Promise<Queue> {
  const [rows, flush] = await Promise.all([listOutbox(db), readFlushState(db)]);
  return {
    queued: rows.filter(({ status }) => status === 'queued'),
    failed: rows.filter(({ status }) => status === 'failed'),
    flush,
  };
}

/** `gone`: it was sent, or deleted elsewhere. `tried`: the server may have it. */
export type ChangeOutcome = 'changed' | 'tried' | 'gone';

/**
 * Gives a message another text. One that was never tried stays what and where it is. After a refusal it is a new
 * message: it gets the name `fresh.id` and counts as composed now, behind what is queued already.
 */
export function editQueued(
  db: Database,
  id: string,
  text: string,
  fresh: { id: string; composedAt: string },
): Promise<ChangeOutcome> {
  return change(db, id, async (tx, row) => {
    if (!canBeChanged(row)) return 'tried';
    const messages = tx.objectStore('messages');
    const shown = await messages.get([db.personId, id]);
    if (row.status === 'queued') {
      await tx.objectStore('outbox').put({ ...row, text });
      if (shown) await messages.put({ ...shown, text });
      return 'changed';
    }
    const { to, toId, ordinal } = row;
    await tx.objectStore('outbox').delete(ordinal!);
    const next = await tx
      .objectStore('outbox')
      .add({ ...fresh, to, toId, text, status: 'queued', attempts: 0 });
    await messages.delete([db.personId, id]);
    if (shown) await messages.put({ ...shown, ...fresh, text, place: unsentPlace + next });
    return 'changed';
  });
}

/** Lets a message that was never tried and the next such one before (`up`) or after it change places. */
export function moveQueued(db: Database, id: string, direction: 'up' | 'down'): Promise<ChangeOutcome> {
  return change(db, id, async (tx, row, topics) => {
    if (!canBeMoved(row)) return 'tried';
    const free = (await tx.objectStore('outbox').getAll()).filter(canBeMoved);
    const at = free.findIndex((other) => other.id === id);
    const other = free[direction === 'up' ? at - 1 : at + 1];
    if (!other) return 'changed'; // is there already
    topics.add(`thread:${other.toId}`);
    // Both go before either comes back: no two rows have one id, not even for a moment.
    await tx.objectStore('outbox').delete(row.ordinal!);
    await tx.objectStore('outbox').delete(other.ordinal!);
    await putAt(tx, db.personId, row, other.ordinal!);
    await putAt(tx, db.personId, other, row.ordinal!);
    return 'changed';
  });
}

async function putAt(tx: WriteTransaction, myId: string, row: OutboxRow, ordinal: number): Promise<void> {
  await tx.objectStore('outbox').put({ ...row, ordinal });
  const shown = await tx.objectStore('messages').get([myId, row.id]);
  if (shown) await tx.objectStore('messages').put({ ...shown, place: unsentPlace + ordinal });
}

/** Tries a refused message once more, under its id. It counts as composed now: behind what is queued already. */
export async function retryMessage(db: Database, id: string): Promise<void> {
  await change(db, id, async (tx, row) => {
    if (row.status !== 'failed') return 'tried';
    const { ordinal, refusal: _, ...rest } = row;
    await tx.objectStore('outbox').delete(ordinal!);
    const next = await tx.objectStore('outbox').add({ ...rest, status: 'queued' });
    const shown = await tx.objectStore('messages').get([db.personId, id]);
    if (shown) await tx.objectStore('messages').put({ ...shown, place: unsentPlace + next });
    return 'changed';
  });
}

/**
 * Stops trying, and takes the message off this device's screen. If it was tried (the outcome says so) the server may
 * have it all the same, and its echo then brings it back.
 */
export function deleteQueued(db: Database, id: string): Promise<ChangeOutcome> {
  return change(db, id, async (tx, row) => {
    await tx.objectStore('outbox').delete(row.ordinal!);
    await tx.objectStore('messages').delete([db.personId, id]);
    return canBeChanged(row) ? 'changed' : 'tried';
  });
}

async function change(
  db: Database,
  id: string,
  act: (tx: WriteTransaction, row: OutboxRow, topics: Set<Topic>) => Promise<ChangeOutcome>,
): Promise<ChangeOutcome> {
  const topics = new Set<Topic>(['outbox', 'conversations']);
  const outcome = await db.write(['outbox', 'messages'], async (tx) => {
    const row = await tx.objectStore('outbox').index('id').get(id);
    if (!row) return 'gone';
    topics.add(`thread:${row.toId}`);
    return act(tx, row, topics);
  });
  announceChange(...topics);
  return outcome;
}
