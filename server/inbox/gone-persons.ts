/**
 * Persons who are gone: whose nicks nobody has used for long, and who were deleted. In small steps, one after the other,
 * so that whoever sends waits for one of them at most.
 */
import type { EventBus } from '../bus/event-bus.ts';
import type { Ended, EventStore } from '../store/event-store.ts';

export interface GoneParts {
  store: Pick<EventStore, 'sweepNicks' | 'erase'>;
  bus: EventBus;
  now: () => Date;
}

export interface NickTimes {
  /** A nick is held while one of its devices was seen in so long. */
  holdNicksMs: number;
  /** Then nobody takes it for so long. */
  quarantineNicksMs: number;
}

/** One pass over all nicks. */
export async function sweepNicks(
  { store, now }: Pick<GoneParts, 'store' | 'now'>,
  { holdNicksMs, quarantineNicksMs }: NickTimes,
  onEnded: (ended: Ended) => void,
  hasEnded = () => false,
): Promise<void> {
  const moment = now().getTime();
  const at = (ms: number) => new Date(moment + ms).toISOString();
  const limits = {
    at: at(0),
    seenBefore: at(-holdNicksMs),
    holdUntil: at(holdNicksMs),
    quarantineUntil: at(quarantineNicksMs),
  };
  let from: number | undefined = 0;
  while (from !== undefined && !hasEnded()) {
    const { next, ...ended }: Ended & { next: number | undefined } = await store.sweepNicks(limits, from);
    onEnded(ended);
    from = next;
  }
}

/** Takes away all texts of the deleted, also what an end of the server has interrupted; their peers hear of it. */
export async function eraseAll(
  { store, bus, now }: Pick<GoneParts, 'store' | 'bus' | 'now'>,
  hasEnded = () => false,
): Promise<void> {
  let more = true;
  while (more && !hasEnded()) {
    const step = await store.erase(now().toISOString());
    bus.signal(step.inboxes);
    ({ more } = step);
  }
}
