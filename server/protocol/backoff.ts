/**
 * How long to wait before trying again: exponential, with full jitter, so that a thousand phones that
 * lost the same server do not come back in step. (Full jitter: Brooker, "Exponential Backoff And Jitter", 2015.)
 */

export interface Backoff {
  baseMs: number;
  capMs: number;
}

export const outboxBackoff: Backoff = { baseMs: 1_000, capMs: 60_000 };
export const streamBackoff: Backoff = { baseMs: 1_000, capMs: 30_000 };

/** Milliseconds before try `attempt` (0 is the first retry). `random` is in [0, 1). */
export function nextDelayMs(attempt: number, random: number, { baseMs, capMs }: Backoff): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(random * ceiling);
}
