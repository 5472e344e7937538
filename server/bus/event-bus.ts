/**
 * The signal "this inbox has news".
 *
 * A counter that is compared, not an edge that can be missed: a reader notes the count, reads the log, and waits until
 * the count differs. It carries no event: what the news is, stands in the log.
 */
import { Groups } from './groups.ts';

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
  /**
   * Wakes `sleeper` once the count differs from `seen`; at once if it does already. Also when the listening ends. One
   * sleeper at a time: there is nothing else that has to be kept for a stream while nothing happens.
   */
  wakeAfter(seen: number, sleeper: Sleeper): void;
  /** The same as a promise. */
  changeFrom(seen: number): Promise<void>;
  end(): void;
}

export interface Sleeper {
  wake(): void;
}

/** The bus of a single process. */
export function createLocalBus(): EventBus {
  const listenings = new Groups<LocalListening>();

  return {
    listened: () => [...listenings.keys()],
    signal(inboxes) {
      for (const inbox of inboxes) for (const listening of listenings.of(inbox)) listening.signal();
    },
    listen(inbox) {
      const listening = new LocalListening(inbox, listenings);
      listenings.add(inbox, listening);
      return listening;
    },
  };
}

class LocalListening implements Listening {
  readonly #inbox: string;
  readonly #others: Groups<LocalListening>;
  #signals = 0;
  #isOver = false;
  #sleeper: Sleeper | undefined;

  constructor(inbox: string, others: Groups<LocalListening>) {
    this.#inbox = inbox;
    this.#others = others;
  }

  signal(): void {
    this.#signals += 1;
    this.#wake();
  }

  count(): number {
    return this.#signals;
  }

  wakeAfter(seen: number, sleeper: Sleeper): void {
    this.#sleeper = sleeper;
    if (this.#isOver || this.#signals !== seen) this.#wake();
  }

  changeFrom(seen: number): Promise<void> {
    return new Promise((wake) => this.wakeAfter(seen, { wake }));
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#others.remove(this.#inbox, this);
    this.#wake();
  }

  #wake(): void {
    const sleeper = this.#sleeper;
    this.#sleeper = undefined;
    sleeper?.wake();
  }
}
