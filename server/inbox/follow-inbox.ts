/**
 * The loop that a stream is: wait for the signal, read the log after the cursor, write, move on.
 * A drop, a stall, a restart and a first connection are all the same case; nothing is queued for anybody in memory.
 */
import type { EventBus } from '../bus/event-bus.ts';
import type { EventStore, StoredEvent } from '../store/event-store.ts';
import type { ResetReason } from '../protocol/events.ts';
import { catchingUp, type CatchingUp } from './catching-up.ts';

const eventsPerPage = 200;

export interface Follower {
  /** Resolves when the follower can take more; false ends the loop. */
  events(events: readonly StoredEvent[]): Promise<boolean>;
  /** The cursor was no good; the loop goes on from `head`. */
  reset(reason: ResetReason, head: string): Promise<boolean>;
  /** All that was in the log at the start has been written. Called once. */
  caughtUp(): void;
}

/** Follows an inbox after `cursor` until the follower or `ended` says stop. */
export async function followInbox(
  { store, bus }: { store: EventStore; bus: EventBus },
  personId: string,
  cursor: string,
  follower: Follower,
  ended: AbortSignal,
): Promise<void> {
  // Listen first, then read, so that nothing falls between.
  const listening = bus.listen(personId);
  const stop = () => listening.end();
  ended.addEventListener('abort', stop);
  try {
    let isBehind = true;
    const began = performance.now();
    let after = cursor;
    while (!ended.aborted) {
      const signals = listening.count();
      const page = await store.readInbox(personId, after, eventsPerPage);
      if (page.kind === 'reset') {
        if (!(await follower.reset(page.reason, page.head))) return;
        after = page.head;
        continue;
      }
      if (page.events.length > 0 && !(await follower.events(page.events))) return;
      after = page.cursor;
      if (page.more) continue;
      if (isBehind) {
        follower.caughtUp();
        catchingUp.publish({ seconds: (performance.now() - began) / 1_000 } satisfies CatchingUp);
      }
      isBehind = false;
      await listening.changeFrom(signals);
    }
  } finally {
    ended.removeEventListener('abort', stop);
    listening.end();
  }
}
