/**
 * Sees that what waits goes out for as long as this page lives: asks when there is something new or a reason to
 * believe that it works again, and keeps the time for the next try, because a worker sleeps.
 */
import { clearBadge, showBadge } from '../store/badge.ts';
import { onChange } from '../store/changes.ts';
import type { Database } from '../store/database.ts';
import { readFlushState } from '../store/flush-outbox.ts';
import { hasNothingQueued } from '../store/outbox.ts';
import { watchPageLife } from './page-life.ts';
import { requestFlush } from './request-flush.ts';

/** Something waits and no next try is fixed: a flush is under way, or whoever had it is gone. */
const lookAgainMs = 30_000;

export class Flusher {
  readonly #db: Database;
  readonly #report: (error: unknown) => void;
  readonly #onThrough: () => void;
  readonly #onPaused: () => void;
  #wasInTrouble = false;
  #wasPaused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Aborted when the page leaves, so that nobody waits for a lock of a frozen page. */
  #leaving = new AbortController();
  #stops: (() => void)[] = [];

  /**
   * `onThrough`: after trouble, something went out again, which is a sign for the stream too. `onPaused`: nothing goes
   * out, because the session is gone or another person's.
   */
  constructor(db: Database, report: (error: unknown) => void, onThrough: () => void, onPaused: () => void) {
    this.#db = db;
    this.#report = report;
    this.#onThrough = onThrough;
    this.#onPaused = onPaused;
  }

  start(): void {
    this.#stops = [
      onChange((topics) => {
        if (topics.includes('outbox')) this.#look();
      }),
      watchPageLife({
        onLeave: () => this.#leaving.abort(),
        onBack: () => (this.#leaving = new AbortController()),
      }),
    ];
    this.#look();
    this.flush();
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    clearTimeout(this.#timer);
    this.#leaving.abort();
    clearBadge();
  }

  flush(): void {
    this.#request({});
  }

  #request(how: { onlyIfDue?: boolean }): void {
    requestFlush(this.#db, { ...how, signal: this.#leaving.signal }).catch(this.#report);
  }

  #look(): void {
    void showBadge(this.#db);
    this.#schedule().catch(this.#report);
  }

  async #schedule(): Promise<void> {
    const [{ nextTryAt, why }, isEmpty] = await Promise.all([
      readFlushState(this.#db),
      hasNothingQueued(this.#db),
    ]);
    if (this.#wasInTrouble && why === null) this.#onThrough();
    this.#wasInTrouble = why !== null;
    clearTimeout(this.#timer);
    const isPaused = why === 'signed-out' || why === 'other-person';
    if (isPaused && !this.#wasPaused) this.#onPaused();
    this.#wasPaused = isPaused;
    // A lost session does not come back by trying.
    if (isEmpty || isPaused || this.#stops.length === 0) return;
    const waitMs = nextTryAt - Date.now();
    this.#timer = setTimeout(
      () => {
        this.#request({ onlyIfDue: true });
        this.#schedule().catch(this.#report);
      },
      waitMs > 0 ? Math.min(waitMs, lookAgainMs) + 10 : lookAgainMs,
    );
  }
}
