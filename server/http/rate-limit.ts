/**
 * Token buckets, one for each key. A bucket may go into debt: a batch is taken while a token is left, so that
 * an honest outbox is never cut in the middle.
 */

export interface BucketSize {
  capacity: number;
  perSecond: number;
}

export const limits = {
  messages: { capacity: 200, perSecond: 5 },
  /** Requests with messages, so that also those cost something that bring none. */
  submissions: { capacity: 200, perSecond: 5 },
  signIns: { capacity: 30, perSecond: 20 / 60 },
  streamOpenings: { capacity: 60, perSecond: 1 },
  typing: { capacity: 20, perSecond: 2 },
  receipts: { capacity: 120, perSecond: 5 },
  reads: { capacity: 120, perSecond: 10 },
  /** A device that was away for long fetches 200 events with each. */
  polls: { capacity: 600, perSecond: 20 },
  searches: { capacity: 30, perSecond: 30 / 60 },
  snapshots: { capacity: 6, perSecond: 6 / 60 },
  policyReports: { capacity: 10, perSecond: 10 / 60 },
  /** First messages to strangers: 50 a day. */
  firstMessages: { capacity: 50, perSecond: 50 / 86_400 },
  changes: { capacity: 120, perSecond: 2 },
  reports: { capacity: 10, perSecond: 10 / 86_400 },
  exports: { capacity: 3, perSecond: 3 / 3_600 },
} as const satisfies Record<string, BucketSize>;

export function makeLimits(): Record<keyof typeof limits, RateLimit> {
  const names = Object.keys(limits) as (keyof typeof limits)[];
  return Object.fromEntries(names.map((name) => [name, new RateLimit(limits[name])])) as ReturnType<
    typeof makeLimits
  >;
}

/** From so many keys on, those whose bucket is full are forgotten, each time that there are twice as many as were left. */
const sweptFrom = 20_000;

/** What a request asks of the buckets of one limit, be they of one node or of several. */
export type BucketFace = Pick<RateLimit, 'wait' | 'take'>;

export class RateLimit {
  readonly #size: BucketSize;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  #sweepAt = sweptFrom;

  constructor(size: BucketSize) {
    this.#size = size;
  }

  /** Seconds until a token is left; 0 if one is. */
  wait(key: string, now: number): number {
    return Math.max(0, (1 - this.#tokens(key, now)) / this.#size.perSecond);
  }

  /** Takes `cost` if a token is left, and answers 0; otherwise the seconds until one will be. `now` in ms. */
  take(key: string, cost: number, now: number): number {
    if (this.#buckets.size >= this.#sweepAt) this.#sweep(now);
    const tokens = this.#tokens(key, now);
    if (tokens < 1) return (1 - tokens) / this.#size.perSecond;
    this.#buckets.set(key, { tokens: tokens - cost, at: now });
    return 0;
  }

  /** Takes `cost`, into debt if need be: it was given already, by another node. */
  charge(key: string, cost: number, now: number): void {
    this.#buckets.set(key, { tokens: this.#tokens(key, now) - cost, at: now });
  }

  /** The share of the bucket that is left; below 0 in debt. */
  left(key: string, now: number): number {
    return this.#tokens(key, now) / this.#size.capacity;
  }

  #tokens(key: string, now: number): number {
    const bucket = this.#buckets.get(key);
    if (!bucket) return this.#size.capacity;
    // A clock that was put back makes nobody wait until it is there again.
    if (now < bucket.at) bucket.at = now;
    const refilled = bucket.tokens + ((now - bucket.at) / 1000) * this.#size.perSecond;
    return Math.min(this.#size.capacity, refilled);
  }

  #sweep(now: number): void {
    for (const key of this.#buckets.keys()) {
      if (this.#tokens(key, now) >= this.#size.capacity) this.#buckets.delete(key);
    }
    this.#sweepAt = Math.max(sweptFrom, this.#buckets.size * 2);
  }
}
