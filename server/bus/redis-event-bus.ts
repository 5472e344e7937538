/**
 * The signal "this inbox has news" for several nodes: at once to who listens here, and to the other nodes by the link.
 * Where the link fails, looking at the log again and again (shared-log-watch.ts) makes up for it.
 */
import type { EventBus } from './event-bus.ts';
import type { NodeLink } from './node-link.ts';

export function createSharedBus(local: EventBus, link: Pick<NodeLink, 'tell'>): EventBus {
  /** A commit for many is told as one, and each inbox once. */
  let gathered = new Set<string>();

  return {
    ...local,
    signal(inboxes) {
      local.signal(inboxes);
      if (gathered.size === 0 && inboxes.length > 0) setImmediate(tell);
      for (const inbox of inboxes) gathered.add(inbox);
    },
  };

  function tell(): void {
    const told = [...gathered];
    gathered = new Set();
    link.tell({ kind: 'news', inboxes: told });
  }
}
