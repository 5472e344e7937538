/**
 * How a handle of a database dies, and that nobody waits for one that is dead.
 * Where a browser clears the data of an origin under an open database, Chromium lets some transactions end neither way:
 * neither `complete` nor `abort` ever comes, and all that waits behind them, the stream too, would wait for ever. What
 * does come is the handle's `close`.
 */
import { nameOf } from './open-database.ts';

/** Waits for a transaction of this handle, and no longer than the browser keeps the handle open. */
export async function whileOpen<T>(
  handle: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>,
  work: Promise<T>,
): Promise<T> {
  const closed = Promise.withResolvers<never>();
  const onClose = () =>
    closed.reject(new DOMException('The browser closed the database under it.', 'AbortError'));
  handle.addEventListener('close', onClose);
  try {
    return await Promise.race([work, closed.promise]);
  } finally {
    handle.removeEventListener('close', onClose);
  }
}

/** The handle, not the work, is at fault. Nobody aborts here, so an abort without a cause is the browser's. */
export function isDeadHandle(error: unknown): boolean {
  return deadHandleErrors.has(nameOf(error) ?? '');
}

const deadHandleErrors = new Set([
  'InvalidStateError',
  'UnknownError',
  'AbortError',
  'TransactionInactiveError',
]);
