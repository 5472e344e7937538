/** `Retry-After`: a server that is asked too much, or a proxy whose server is away, says when to come back. (RFC 9110, 10.2.3) */

/** Longer is not believed: a proxy that says "tomorrow" must not keep a phone silent for a day. */
export const longestRetryAfterMs = 600_000;

/** Milliseconds to wait, at most ten minutes; undefined if the header says nothing that can be understood. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const delayMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - now;
  return Number.isFinite(delayMs) && delayMs >= 0 ? Math.min(delayMs, longestRetryAfterMs) : undefined;
}
