/**
 * Whose turn it is to flush, among all tabs and the worker: one at a time by a Web Lock, at most one waiting.
 *
 * A tab can be frozen and a worker can hang while it holds the lock. So nobody waits for ever: a holder without a sign
 * of life is passed over. For a moment there may then be two, which does no harm: the server takes a message once.
 */
import type { Database } from './database.ts';
import { oldestQueued } from './outbox.ts';

export interface FlushRequest {
  /** Only if the time of the next try has come: what a timer asks, which knows nothing new. */
  onlyIfDue?: boolean;
  /** Ends the waiting, and lets go of the lock at once, though what is under way ends by itself: for a page that leaves. */
  signal?: AbortSignal | undefined;
  /** It is the one that flushes, or another will do for it. */
  onBegun?: () => void;
}

/** Longer than the longest request: who has begun none for so long is frozen or hangs. */
const patienceMs = 60_000;

/** Undefined when another flush does for this one, or the page leaves. */
export async function takeTurn<End>(
  db: Database,
  now: () => number,
  request: FlushRequest,
  work: () => Promise<End>,
): Promise<End | undefined> {
  // Over plain HTTP there are no locks; sending twice is harmless, and each tab sends in order.
  if (!locks()) {
    request.onBegun?.();
    return work();
  }
  let ended: Promise<End | undefined> | undefined;
  await locks()!.request(`outbox-next-${db.personId}`, { ifAvailable: true }, async (place) => {
    if (!place) return request.onBegun?.();
    const turn = Promise.withResolvers<void>();
    const flush = waitForTurn(db, now, request, () => {
      turn.resolve();
      return work();
    });
    ended = flush;
    request.onBegun?.();
    // If the lock could not be had, its error is for who waits for the end, not for the place in the queue.
    await Promise.race([turn.promise, flush.catch(() => undefined)]);
  });
  // Whoever waits may be frozen too. Only a timer looks for that: it comes when nothing has moved for a while.
  if (!ended && request.onlyIfDue && !(await showsLife(db, now()))) return steal(db, request, work);
  return ended;
}

/** Waits for as long as it takes behind who has the lock, if that one lives. */
export async function waitForTurn<End>(
  db: Database,
  now: () => number,
  request: FlushRequest,
  work: () => Promise<End>,
): Promise<End | undefined> {
  if (!locks()) return undefined;
  for (;;) {
    const patience = AbortSignal.timeout(patienceMs);
    const signal = request.signal ? AbortSignal.any([patience, request.signal]) : patience;
    const end = await hold(db, { signal }, request, work);
    if (end !== 'not-had') return end;
    if (request.signal?.aborted) return undefined;
    if (!(await showsLife(db, now()))) return steal(db, request, work);
  }
}

async function steal<End>(
  db: Database,
  request: FlushRequest,
  work: () => Promise<End>,
): Promise<End | undefined> {
  const end = await hold(db, { steal: true }, request, work);
  return end === 'not-had' ? undefined : end;
}

async function hold<End>(
  db: Database,
  options: { signal: AbortSignal } | { steal: true },
  { signal }: FlushRequest,
  work: () => Promise<End>,
): Promise<End | undefined | 'not-had'> {
  let working: Promise<End> | undefined;
  try {
    return await locks()!.request(`outbox-${db.personId}`, options, () => {
      working = work();
      return signal ? Promise.race([working, aborted(signal)]) : working;
    });
  } catch (error) {
    if (!(error instanceof DOMException && ['AbortError', 'TimeoutError'].includes(error.name))) throw error;
    if (!working) return 'not-had';
    // Either the lock was stolen, and the work goes on without it, or the work itself failed like that.
    return working;
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function showsLife(db: Database, now: number): Promise<boolean> {
  const first = await oldestQueued(db);
  if (first === undefined) return true;
  // Whoever knocks first, to find out whether the network works, has not claimed anything yet.
  const state = await db.read(['meta'], (tx) => tx.objectStore('meta').get('flush'));
  const triedAt = typeof state === 'object' ? (state.triedAt ?? 0) : 0;
  return now - Math.max(first.lastTriedAt ?? 0, triedAt) < patienceMs;
}

function locks(): LockManager | undefined {
  return 'locks' in navigator ? navigator.locks : undefined;
}
