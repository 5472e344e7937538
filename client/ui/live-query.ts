/**
 * Keeps a component up to date with the database: reads when it appears and again whenever a topic changes.
 * Reads never overlap, so an older answer never comes after a newer one.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { onChange, type Topic } from '../store/changes.ts';
import { watchPageLife } from '../sync/page-life.ts';

export class LiveQuery<T> implements ReactiveController {
  value: T | undefined;
  /** What went wrong with the last read; shown, not swallowed. */
  error: unknown;
  readonly #host: ReactiveControllerHost;
  readonly #topics: () => readonly Topic[];
  readonly #read: () => Promise<T>;
  #stops: (() => void)[] = [];
  #reading: Promise<void> | undefined;
  #isStale = false;

  constructor(host: ReactiveControllerHost, topics: () => readonly Topic[], read: () => Promise<T>) {
    this.#host = host;
    this.#topics = topics;
    this.#read = read;
    host.addController(this);
  }

  hostConnected(): void {
    this.#stops = [
      onChange((changed) => {
        const topics = this.#topics();
        if (changed.some((topic) => topics.includes(topic))) void this.refresh();
      }),
      // Frozen or in the back/forward cache it heard nothing.
      watchPageLife({ onBack: () => void this.refresh() }),
    ];
    void this.refresh();
  }

  hostDisconnected(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Reads anew, once more after the read that is under way; resolves when all is read. */
  refresh(): Promise<void> {
    this.#isStale = true;
    this.#reading ??= this.#readOn();
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      try {
        this.value = await this.#read();
        this.error = undefined;
      } catch (error) {
        console.error(error);
        this.error = error;
      }
      this.#host.requestUpdate();
    }
    this.#reading = undefined;
  }
}
