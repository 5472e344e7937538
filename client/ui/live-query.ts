/**
 * Keeps a component up to date with the database: reads when it appears and again whenever a topic changes.
 * Reads never overlap, so an older answer never comes after a newer one.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { onChange, type Topic } from '../store/changes.ts';

export class LiveQuery<T> implements ReactiveController {
  value: T | undefined;
  /** What went wrong with the last read; shown, not swallowed. */
  error: unknown;
  readonly #host: ReactiveControllerHost;
  readonly #topics: () => readonly Topic[];
  readonly #read: () => Promise<T>;
  #stop: (() => void) | undefined;
  #reading: Promise<void> | undefined;
  #isStale = false;
  /** Out of the back/forward cache, in which nothing is heard. */
  readonly #onShow = (event: PageTransitionEvent) => {
    if (event.persisted) void this.refresh();
  };

  constructor(host: ReactiveControllerHost, topics: () => readonly Topic[], read: () => Promise<T>) {
    this.#host = host;
    this.#topics = topics;
    this.#read = read;
    host.addController(this);
  }

  hostConnected(): void {
    this.#stop = onChange((changed) => {
      const topics = this.#topics();
      if (changed.some((topic) => topics.includes(topic))) void this.refresh();
    });
    window.addEventListener('pageshow', this.#onShow);
    void this.refresh();
  }

  hostDisconnected(): void {
    this.#stop?.();
    window.removeEventListener('pageshow', this.#onShow);
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
