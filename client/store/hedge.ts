/**
 * A request that waits for longer than others did is likely on a connection that is dead, or whose next packet is said
 * again only seconds after the network is back; and a page cannot choose its connections. So the same is asked once more
 * beside it, which takes another connection, and the first answer counts.
 *
 * Only for questions that may be asked twice; messages are said again with what is new (hand-over.ts). A slow server is
 * not asked more for being slow to everybody: what it takes is learnt.
 */

/** Before there is anything to compare with: a first request over 2G, with all that comes before it, is faster. */
const unknownMs = 6_000;
const shortestMs = 2_000;
const longestMs = 10_000;
/** On a line that answers sooner there is nothing to gain. */
const shortestNewsMs = 250;
const longestNewsMs = 1_000;
const mostTogether = 3;
const remembered = 4;

/** How long the latest answers took. */
let tookMs: number[] = [];

/** Any question that the server answers at once tells how fast the line is. */
export function noteAnswer(ms: number): void {
  tookMs = [...tookMs, ms].slice(-remembered);
}

export function hedgeAfterMs(latestMs: readonly number[] = tookMs): number {
  const enoughMs = latestMs.length === 0 ? unknownMs : 2 * Math.max(...latestMs);
  return Math.min(longestMs, Math.max(shortestMs, enoughMs));
}

/** How long an answer takes on this line when nothing is in its way; 0 before there was one. */
export function usualMs(latestMs: readonly number[] = tookMs): number {
  return latestMs.length === 0 ? 0 : Math.min(...latestMs);
}

/** How long an answer is waited for before something new is said beside it. */
export function newsAfterMs(latestMs: readonly number[] = tookMs): number {
  return Math.min(longestNewsMs, Math.max(shortestNewsMs, usualMs(latestMs) / 4));
}

/**
 * Asks, asks again after `afterMs`, once more after twice as long, and answers what comes first; all others are given
 * up. Rejects when `signal` ends it, or when none of those that were asked has any hope left.
 */
export function hedged<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  afterMs: number,
): Promise<T> {
  const over = new AbortController();
  const giveUp = () => over.abort(signal.reason);
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  return new Promise<T>((resolve) => {
    let asked = 0;
    let failed = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = (outcome: Promise<T>) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      resolve(outcome);
      over.abort();
    };
    const askOnce = () => {
      asked += 1;
      const began = Date.now();
      if (asked < mostTogether) timer = setTimeout(askOnce, afterMs * asked);
      const outcome = ask(over.signal);
      outcome.then(
        () => {
          noteAnswer(Date.now() - began);
          settle(outcome);
        },
        () => {
          failed += 1;
          if (failed === asked || signal.aborted) settle(outcome);
        },
      );
    };
    askOnce();
  });
}
