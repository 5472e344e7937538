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
  signIns: { capacity: 30, perSecond: 20 / 60 },
  streamOpenings: { capacity: 60, perSecond: 1 },
  typing: { capacity: 20, perSecond: 2 },
  receipts: { capacity: 120, perSecond: 5 },
  reads: { capacity: 120, perSecond: 10 },
  exports: { capacity: 3, perSecond: 3 / 3_600 },
} as const satisfies Record<string, BucketSize>;

/** Keys are forgotten once there are so many that the full ones must be cleared out. */
const sweepAt = 20_000;

export class RateLimit {
  readonly #size: BucketSize;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(size: BucketSize) {
    this.#size = size;
  }

  /** Takes `cost` if a token is left, and answers 0; otherwise the seconds until one will be. `now` in ms. */
  take(key: string, cost: number, now: number): number {
    if (this.#buckets.size >= sweepAt) this.#sweep(now);
    const tokens = this.#tokens(key, now);
    if (tokens < 1) return (1 - tokens) / this.#size.perSecond;
    this.#buckets.set(key, { tokens: tokens - cost, at: now });
    return 0;
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
  }
}
