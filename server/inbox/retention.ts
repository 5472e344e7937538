/**
 * Retention: what is older than it is to be kept goes, at the start and once an hour. In small steps, one after the other,
 * so that whoever sends waits for one of them at most.
 */
import type { Logger } from 'pino';
import type { EventStore, PruneLimits, PruneStep } from '../store/event-store.ts';
import { everyHour } from './every-hour.ts';

export interface RetentionParts {
  store: EventStore;
  /** For how long; undefined for ever. */
  keep: { keepMessagesMs: number | undefined; keepEventsMs: number | undefined };
  now: () => Date;
  logger: Logger;
}

export function startRetention({ store, keep, now, logger }: RetentionParts): { end(): Promise<void> } {
  const { keepMessagesMs, keepEventsMs } = keep;
  if (keepMessagesMs === undefined && keepEventsMs === undefined) return { end: () => Promise.resolve() };
  return everyHour(
    async (hasEnded) => {
      await pruneAll(store, limitsAt(now()), hasEnded);
    },
    (error) => {
      // What cannot go now goes another time.
      logger.warn({ err: error }, 'what is older than it is to be kept could not be removed');
    },
  );

  function limitsAt(moment: Date): PruneLimits {
    const before = (ms: number) => new Date(moment.getTime() - ms).toISOString();
    return {
      ...(keepMessagesMs === undefined ? {} : { messagesBefore: before(keepMessagesMs) }),
      ...(keepEventsMs === undefined ? {} : { eventsBefore: before(keepEventsMs) }),
    };
  }
}

/** One pass over everything; how many events and texts went. */
export async function pruneAll(
  store: Pick<EventStore, 'prune'>,
  limits: PruneLimits,
  hasEnded = () => false,
): Promise<number> {
  let count = 0;
  let from: PruneStep['next'] = 0;
  while (from !== undefined && !hasEnded()) {
    const { removed, next }: PruneStep = await store.prune(limits, from);
    count += removed;
    from = next;
  }
  return count;
}
