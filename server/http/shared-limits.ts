/**
 * Limits that several nodes share. Each node decides by its own buckets, so that no request waits for another machine,
 * and tells the others what it gave; they take it from theirs, into debt if need be. A library that asks Redis each time
 * would cost a way each, and those that count cannot go into debt, as a batch of an honest outbox does.
 *
 * What a bucket gives while it is nearly full is not told: an honest person costs the others nothing, and who asks every
 * node gets a quarter of a bucket more from each. Cut off from the others a node limits for itself, and refuses nobody
 * for that.
 */
import type { NodeMessage } from '../bus/node-message.ts';
import { limits, type BucketFace, type makeLimits } from './rate-limit.ts';

type LimitName = keyof typeof limits;
type Taken = Extract<NodeMessage, { kind: 'taken' }>;

/** From this share of a bucket on downwards, what is taken is told. */
const toldFrom = 0.75;
/** What is taken in so long is told together. */
const gatheredMs = 100;

export class SharedLimits {
  readonly buckets: Record<LimitName, BucketFace>;
  readonly #own: ReturnType<typeof makeLimits>;
  readonly #tell: (message: NodeMessage) => void;
  #untold = new Map<string, Taken['takes'][number]>();
  #timer: NodeJS.Timeout | undefined;

  constructor(own: ReturnType<typeof makeLimits>, tell: (message: NodeMessage) => void) {
    this.#own = own;
    this.#tell = tell;
    const names = Object.keys(limits) as LimitName[];
    this.buckets = Object.fromEntries(names.map((name) => [name, this.#shared(name)])) as Record<
      LimitName,
      BucketFace
    >;
  }

  /** Another node gave this. */
  hear({ takes }: Taken, now: number): void {
    // A limit that only a newer version has is nothing to this one.
    for (const { limit, key, cost } of takes) {
      if (Object.hasOwn(this.#own, limit)) this.#own[limit as LimitName].charge(key, cost, now);
    }
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #shared(limit: LimitName): BucketFace {
    const own = this.#own[limit];
    return {
      wait: (key, now) => own.wait(key, now),
      take: (key, cost, now) => {
        const waitSeconds = own.take(key, cost, now);
        if (waitSeconds === 0 && own.left(key, now) < toldFrom) this.#gather(limit, key, cost);
        return waitSeconds;
      },
    };
  }

  #gather(limit: LimitName, key: string, cost: number): void {
    const name = `${limit} ${key}`;
    const before = this.#untold.get(name)?.cost ?? 0;
    this.#untold.set(name, { limit, key, cost: before + cost });
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const takes = [...this.#untold.values()];
      this.#untold = new Map();
      this.#tell({ kind: 'taken', takes });
    }, gatheredMs).unref();
  }
}
