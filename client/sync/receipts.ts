/**
 * Tells the server how far this device received and its person read. Late is fine, lost is not: what the server has not
 * confirmed in the inbox is in the database, and told again after the next catch-up. Its answer alone is not enough: data
 * that went back to an older copy has forgotten it.
 */
import { unreportedReads } from '../store/conversations.ts';
import type { Database } from '../store/database.ts';
import { usualMs } from '../store/hedge.ts';
import { readCursor } from '../store/timeline.ts';
import { postReceipts } from './server-calls.ts';

/** News within this time is told together; on a slow line within about the time of an answer. */
const gatherMs = 150;
const longestGatherMs = 2_000;

export class ReceiptReporter {
  readonly #db: Database;
  readonly #report: (error: unknown) => void;
  /** Messages may have come of which the server was not told that they did. */
  #hasReceived = true;
  /** By person, since the last catch-up: so that it is not said over and over until it comes back. */
  readonly #toldReads = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(db: Database, report: (error: unknown) => void) {
    this.#db = db;
    this.#report = report;
  }

  /** A catch-up begins: what does not come back in it is told again after it. */
  begins(): void {
    this.#hasReceived = true;
    this.#toldReads.clear();
  }

  /** Somebody's message was stored. What else moves the cursor nobody waits to hear of. */
  received(): void {
    this.#hasReceived = true;
    this.soon();
  }

  /** There may be something to tell. */
  soon(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#telling = this.#telling.then(() => this.#tell()).catch(this.#report);
      },
      Math.min(Math.max(gatherMs, usualMs()), longestGatherMs),
    );
  }

  async #tell(): Promise<void> {
    const [cursor, unreported] = await Promise.all([readCursor(this.#db), unreportedReads(this.#db)]);
    const reads = unreported.filter(({ peerId, upTo }) => (this.#toldReads.get(peerId) ?? 0) < upTo);
    const hasReceived = this.#hasReceived && cursor !== undefined;
    if (!hasReceived && reads.length === 0) return;
    const read = reads.map(({ peerId, with: nick, upTo }) => ({ with: nick, withId: peerId, upTo }));
    if (hasReceived) this.#hasReceived = false;
    const told = await postReceipts({
      as: this.#db.personId,
      ...(hasReceived ? { delivered: cursor } : {}),
      read,
    });
    if (!told) this.#hasReceived ||= hasReceived;
    else for (const { peerId, upTo } of reads) this.#toldReads.set(peerId, upTo);
  }
}
