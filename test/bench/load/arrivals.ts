/**
 * The checker: what was sent has to arrive at each who is to get it, once, and in the order in which its sender sent it.
 * It knows messages by their ids alone.
 */
import { numberOf, senderOf } from './names.ts';

export interface Verdict {
  lost: number;
  twice: number;
  outOfOrder: number;
}

interface Received {
  expected: number;
  ids: Set<string>;
  /** Sender → number of their last that came. */
  last: Map<number, number>;
}

export function together(a: Verdict, b: Verdict): Verdict {
  return { lost: a.lost + b.lost, twice: a.twice + b.twice, outOfOrder: a.outOfOrder + b.outOfOrder };
}

export class Arrivals {
  readonly #byReceiver = new Map<number, Received>();
  #twice = 0;
  #outOfOrder = 0;
  #missing = 0;
  #onComplete: (() => void) | undefined;

  expect(receiver: number, count = 1): void {
    this.#of(receiver).expected += count;
    this.#missing += count;
  }

  arrived(receiver: number, id: string): void {
    const { ids, last } = this.#of(receiver);
    if (ids.has(id)) {
      this.#twice += 1;
      return;
    }
    ids.add(id);
    const sender = senderOf(id);
    const number = numberOf(id);
    if (number < (last.get(sender) ?? 0)) this.#outOfOrder += 1;
    else last.set(sender, number);
    this.#missing -= 1;
    if (this.#missing <= 0) this.#onComplete?.();
  }

  /** Resolves when nothing is missing, or when it has waited so long. */
  complete(mostMs: number): Promise<void> {
    if (this.#missing <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, mostMs);
      this.#onComplete = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  verdict(): Verdict {
    let lost = 0;
    for (const { expected, ids } of this.#byReceiver.values()) lost += Math.max(0, expected - ids.size);
    return { lost, twice: this.#twice, outOfOrder: this.#outOfOrder };
  }

  #of(receiver: number): Received {
    let received = this.#byReceiver.get(receiver);
    if (!received) {
      received = { expected: 0, ids: new Set(), last: new Map() };
      this.#byReceiver.set(receiver, received);
    }
    return received;
  }
}
