/**
 * Leaves a device alone that could not store what came in: a stream that is opened again at once would bring the same
 * event again, and fail again, as fast as the network can.
 */
import { nextDelayMs } from '../../server/protocol/backoff.ts';
import { endTrouble } from '../store/trouble.ts';

const backoff = { baseMs: 4_000, capMs: 120_000 };

export interface HoldOptions {
  /** Lets nothing more come in. */
  pause: () => void;
  resume: () => void;
  random?: () => number;
}

export class StorageHold {
  readonly #options: HoldOptions;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HoldOptions) {
    this.#options = options;
  }

  /** Does what stores; whoever fails is paused, longer each time. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // Every fault of the storage is one; any other error is the work's.
      if (error instanceof DOMException) this.#hold();
      throw error;
    }
  }

  /** What came in could be stored, so there is room. */
  stored(): void {
    this.#failures = 0;
    endTrouble('full');
  }

  /** There is reason to believe that there is room again. */
  release(): void {
    if (this.#timer === undefined) return;
    this.stop();
    this.#options.resume();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #hold(): void {
    const { pause, random = Math.random } = this.#options;
    // Also when it was started again meanwhile.
    pause();
    // What fails in the same moment has failed once, and waits no longer for that.
    if (this.#timer !== undefined) return;
    // At least half of it: a wait of nothing would be no wait.
    const delayMs = nextDelayMs(this.#failures, 0.5 + random() / 2, backoff);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.release(), delayMs);
  }
}
