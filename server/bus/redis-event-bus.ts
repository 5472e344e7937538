/**
 * The signal "this inbox has news" for several nodes: at once to who listens here, and to the other nodes by the link.
 * Where the link fails, looking at the log again and again (shared-log-watch.ts) makes up for it.
 */
import type { EventBus } from './event-bus.ts';
import type { NodeLink } from './node-link.ts';

export function createSharedBus(local: EventBus, link: Pick<NodeLink, 'tell'>): EventBus {
  return {
    ...local,
    signal(inboxes) {
      if (inboxes.length === 0) return;
      local.signal(inboxes);
      link.tell({ kind: 'news', inboxes: [...inboxes] });
    },
  };
}
