/**
 * Reaching further than what is shown of a thread: whoever comes near its beginning gets what is older, from the device
 * or from the server, and whoever comes near its end what is newer. Which part that is is thread-part.ts; this knows
 * when, and that it is one at a time.
 */
import type { LitElement } from 'lit';
import type { Thread } from '../store/thread.ts';
import type { ThreadPart } from './thread-part.ts';
import type { ThreadScroll } from './thread-scroll.ts';

/** Nearer to the beginning than this, older messages are fetched; nearer to the end, newer ones, where there are any. */
const nearPx = 1_500;
/** As high as the messages are that are shown at once, at least: both ends can be so near only on a usual screen. */
const shownPx = 5_000;

export interface ReachOptions {
  part: ThreadPart;
  scroll: ThreadScroll;
  thread: () => (Thread & { lastSeq: number }) | undefined;
  /** Reads and lays out what the part is by now. */
  show: () => Promise<void>;
  /** Has the server's messages before this seq stored; false if it could not be asked. */
  fetchBefore: (seq: number) => Promise<boolean>;
}

export class ThreadReach {
  /** The server is being asked. */
  isLoading = false;
  /** Older messages are on the server, and it could not be asked. */
  isOlderOutOfReach = false;
  /** Another part is about to be shown. */
  #isChanging = false;
  readonly #host: LitElement;
  readonly #options: ReachOptions;

  constructor(host: LitElement, options: ReachOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** Reaches further if the reader is near an end. */
  look(): void {
    const { part, scroll } = this.#options;
    const thread = this.#options.thread();
    if (!thread || !scroll.isPlaced || this.#isChanging) return;
    const { scrollTop, scrollHeight, clientHeight } = this.#host.renderRoot.querySelector('.scroller')!;
    if (scroll.isAway) {
      const near = Math.min(nearPx, (shownPx - clientHeight) / 2);
      if (scrollTop < near && !this.isOlderOutOfReach) void this.loadOlder();
      const isNearEnd = scrollHeight - scrollTop - clientHeight < near;
      if (isNearEnd && part.addNewer(thread)) void this.#showPart();
    } else if (part.fill(thread)) void this.#showPart();
  }

  async loadOlder(): Promise<void> {
    const thread = this.#options.thread();
    if (this.isLoading || !thread || thread.older === 'none') return;
    try {
      if (thread.older === 'on-server') {
        this.#say({ isLoading: true });
        const oldest = thread.messages.find(({ seq }) => seq !== undefined)?.seq;
        const isLoaded = await this.#options.fetchBefore(oldest ?? thread.lastSeq + 1);
        this.#say({ isOlderOutOfReach: !isLoaded });
        if (!isLoaded) return;
      }
      this.#options.part.addOlder(thread);
      await this.#showPart();
    } catch (error) {
      console.error(error);
      this.#say({ isOlderOutOfReach: true });
    } finally {
      this.#say({ isLoading: false });
      // Who scrolled to the very beginning meanwhile stands still there, and nothing else would ask again.
      onceShown(() => this.look());
    }
  }

  /** Shows another part than before, in the next frame, and leaves the reader where they are. */
  async #showPart(): Promise<void> {
    this.#isChanging = true;
    await new Promise<void>((resolve) => onceShown(resolve));
    await this.#options.show();
    this.#isChanging = false;
    this.#options.scroll.keep();
  }

  #say(now: { isLoading?: boolean; isOlderOutOfReach?: boolean }): void {
    const { isLoading = this.isLoading, isOlderOutOfReach = this.isOlderOutOfReach } = now;
    if (isLoading === this.isLoading && isOlderOutOfReach === this.isOlderOutOfReach) return;
    this.isLoading = isLoading;
    this.isOlderOutOfReach = isOlderOutOfReach;
    this.#host.requestUpdate();
  }
}

/** After what is known now has been laid out and put in its place. */
function onceShown(act: () => void): void {
  requestAnimationFrame(() => setTimeout(act));
}
