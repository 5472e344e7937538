/**
 * The signal "this inbox has news".
 *
 * A counter that is compared, not an edge that can be missed: a reader notes the count, reads the log, and waits until
 * the count differs. It carries no event: what the news is, stands in the log.
 */

export interface EventBus {
  /** After the commit, never before. */
  signal(inboxes: readonly string[]): void;
  /** Follows the signals of one inbox. End it, or it is kept for ever. */
  listen(inbox: string): Listening;
  /** The inboxes that are followed here. */
  listened(): string[];
}

export interface Listening {
  /** How many signals there were; only good for comparing. */
  count(): number;
  /** Resolves once the count differs from `seen`; at once if it does already. Also resolves when the listening ends. */
  changeFrom(seen: number): Promise<void>;
  end(): void;
}

/** The bus of a single process. */
export function createLocalBus(): EventBus {
  const inboxes = new Map<string, Inbox>();

  return {
    listened: () => [...inboxes.keys()],
    signal(ids) {
      for (const id of ids) inboxes.get(id)?.signal();
    },
    listen(id) {
      const inbox = inboxes.get(id) ?? new Inbox();
      inboxes.set(id, inbox);
      inbox.listeners += 1;
      let isOver = false;
      let wake: (() => void) | undefined;
      return {
        count: () => inbox.signals,
        changeFrom: (seen) =>
          new Promise((resolve) => {
            if (isOver || inbox.signals !== seen) return resolve();
            wake = () => {
              inbox.waiting.delete(wake!);
              resolve();
            };
            inbox.waiting.add(wake);
          }),
        end() {
          if (isOver) return;
          isOver = true;
          wake?.();
          inbox.listeners -= 1;
          if (inbox.listeners === 0) inboxes.delete(id);
        },
      };
    },
  };
}

class Inbox {
  signals = 0;
  listeners = 0;
  readonly waiting = new Set<() => void>();

  signal(): void {
    this.signals += 1;
    for (const wake of [...this.waiting]) wake();
  }
}
