/**
 * One stream for the whole browser: the tab that holds the Web Lock leads, the others follow the database.
 *
 * A hidden leader yields to a visible tab that asks. A frozen one cannot be asked, and keeps its lock: a visible tab
 * that has not heard it for a while steals the lock. For a moment there may then be two leaders, which does no harm.
 * Without locks (plain HTTP) every tab leads.
 */

export interface LeaderOptions {
  personId: string;
  onLead: () => void;
  onStepDown: () => void;
  report: (error: unknown) => void;
}

const beatMs = 3_000;
/** A leader that was silent for so long is frozen. */
const silentMs = 8_000;

type Word = 'beat' | 'visible-tab-wants-to-lead';

export class Leadership {
  readonly #options: LeaderOptions;
  readonly #channel: BroadcastChannel;
  #isLeader = false;
  #lastBeatAt = Date.now();
  /** Ends the request that waits for the lock. */
  #waiting = new AbortController();
  #release: (() => void) | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isOver = false;
  readonly #onVisible = () => this.#ask();

  constructor(options: LeaderOptions) {
    this.#options = options;
    this.#channel = new BroadcastChannel(`opentalk-leader-${options.personId}`);
    this.#channel.onmessage = ({ data }: MessageEvent<Word>) => this.#hear(data);
  }

  start(): void {
    if (!('locks' in navigator)) return this.#options.onLead();
    document.addEventListener('visibilitychange', this.#onVisible);
    this.#timer = setInterval(() => this.#beat(), beatMs);
    this.#queue();
    this.#ask();
  }

  stop(): void {
    this.#isOver = true;
    document.removeEventListener('visibilitychange', this.#onVisible);
    clearInterval(this.#timer);
    this.#waiting.abort();
    this.#stepDown();
    this.#channel.close();
  }

  #hear(word: Word): void {
    this.#lastBeatAt = Date.now();
    // Released, it queues again, behind the tab that asked.
    if (word === 'visible-tab-wants-to-lead' && this.#isLeader && !isVisible()) this.#release?.();
  }

  #ask(): void {
    if (this.#isLeader || !isVisible()) return;
    // Since when one looks: a tab that was hidden has heard nothing, and must not steal for that.
    this.#lastBeatAt = Date.now();
    this.#say('visible-tab-wants-to-lead');
  }

  #beat(): void {
    if (this.#isLeader) return this.#say('beat');
    if (isVisible() && Date.now() - this.#lastBeatAt > silentMs) this.#queue({ steal: true });
  }

  #queue(how: { steal?: true } = {}): void {
    if (this.#isOver) return;
    this.#waiting.abort();
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    this.#lastBeatAt = Date.now();
    const name = `stream-${this.#options.personId}`;
    navigator.locks
      .request(name, how.steal ? { steal: true } : { signal }, () => this.#hold())
      .then(
        () => this.#queue(),
        (error: unknown) => {
          if (signal.aborted) return; // asked again in another way, or over
          // Stolen: another tab took this one for frozen.
          this.#stepDown();
          if (!(error instanceof DOMException && error.name === 'AbortError')) this.#options.report(error);
          this.#queue();
        },
      );
  }

  #hold(): Promise<void> {
    this.#isLeader = true;
    this.#options.onLead();
    this.#say('beat');
    return new Promise((resolve) => {
      this.#release = () => {
        this.#stepDown();
        resolve();
      };
    });
  }

  #stepDown(): void {
    const release = this.#release;
    this.#release = undefined;
    if (!this.#isLeader) return;
    this.#isLeader = false;
    this.#options.onStepDown();
    release?.();
  }

  #say(word: Word): void {
    if (!this.#isOver) this.#channel.postMessage(word);
  }
}

function isVisible(): boolean {
  return document.visibilityState === 'visible';
}
