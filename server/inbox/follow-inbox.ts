/**
 * What a stream does: read the log after the cursor, write, move on, and sleep until the signal.
 * A drop, a stall, a restart and a first connection are all the same case; nothing is queued for anybody in memory, and
 * while nothing happens nothing runs: what is left of a stream then is its place in the log.
 */
import type { EventBus, Listening, Sleeper } from '../bus/event-bus.ts';
import type { EventsPage, EventStore } from '../store/event-store.ts';
import type { ResetReason } from '../protocol/events.ts';
import { catchingUp, type CatchingUp } from './catching-up.ts';
import type { Turns } from './turns.ts';

const eventsPerPage = 200;

export interface Follower {
  /** Resolves when the follower can take more; false ends the following. */
  events(page: EventsPage): Promise<boolean>;
  /** The cursor was no good; it goes on from `head`. */
  reset(reason: ResetReason, head: string): Promise<boolean>;
  /** All that was in the log at the start has been written. Called once. */
  caughtUp(): void;
  /** It has ended by itself: the log could not be read, or the follower said so. */
  over(error: unknown): void;
}

interface Parts {
  store: Pick<EventStore, 'readInbox'>;
  bus: EventBus;
  /** For those who have fallen behind. */
  turns: Turns;
}

/** Follows an inbox after `cursor` until the follower says stop or what it answers is ended. */
export function followInbox(
  parts: Parts,
  personId: string,
  cursor: string,
  follower: Follower,
): { end(): void } {
  const following = new Following(parts, personId, cursor, follower);
  following.wake();
  return following;
}

class Following implements Sleeper {
  readonly #parts: Parts;
  readonly #personId: string;
  readonly #follower: Follower;
  // Listen first, then read, so that nothing falls between.
  readonly #listening: Listening;
  #after: string;
  #isBehind = true;
  #isOver = false;

  constructor(parts: Parts, personId: string, cursor: string, follower: Follower) {
    this.#parts = parts;
    this.#personId = personId;
    this.#after = cursor;
    this.#follower = follower;
    this.#listening = parts.bus.listen(personId);
  }

  end(): void {
    this.#isOver = true;
    this.#listening.end();
  }

  wake(): void {
    if (this.#isOver) return;
    this.#catchUp().catch((error: unknown) => this.#stop(error));
  }

  async #catchUp(): Promise<void> {
    const began = performance.now();
    let signals: number;
    let page: { hasMore: boolean } | undefined;
    do {
      signals = this.#listening.count();
      page = await this.#readOn();
      if (page === undefined) return this.#stop(undefined);
    } while (page.hasMore && !this.#isOver);
    if (this.#isBehind && !this.#isOver) {
      this.#follower.caughtUp();
      catchingUp.publish({ seconds: (performance.now() - began) / 1_000 } satisfies CatchingUp);
    }
    this.#isBehind = false;
    this.#listening.wakeAfter(signals, this);
  }

  /** Undefined once the follower takes no more. */
  async #readOn(): Promise<{ hasMore: boolean } | undefined> {
    const { store, turns } = this.#parts;
    const read = () => store.readInbox(this.#personId, this.#after, eventsPerPage);
    // News is read at once; what was missed waits for its turn.
    const page = await (this.#isBehind ? turns.take(read) : read());
    if (this.#isOver) return undefined;
    if (page.kind === 'reset') {
      if (!(await this.#follower.reset(page.reason, page.head))) return undefined;
      this.#after = page.head;
      return { hasMore: true };
    }
    if (hasEvents(page) && !(await this.#follower.events(page))) return undefined;
    this.#after = page.cursor;
    return { hasMore: page.more };
  }

  #stop(error: unknown): void {
    if (this.#isOver) return;
    this.end();
    this.#follower.over(error);
  }
}

function hasEvents(page: EventsPage): boolean {
  return page.frames === undefined ? page.events.length > 0 : page.frames !== '';
}
