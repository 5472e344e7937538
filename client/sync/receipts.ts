/**
 * Tells the server how far this device received and its person read. Late is fine, lost is not: what the server
 * does not know yet is in the database, and told at the next occasion.
 */
import { noteReported, unreportedReads } from '../store/conversations.ts';
import type { Database } from '../store/database.ts';
import { readCursor } from '../store/timeline.ts';
import { postReceipts } from './server-calls.ts';

/** News within this time is told together. */
const gatherMs = 150;

export class ReceiptReporter {
  readonly #db: Database;
  readonly #report: (error: unknown) => void;
  #toldCursor: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #telling: Promise<void> = Promise.resolve();

  constructor(db: Database, report: (error: unknown) => void) {
    this.#db = db;
    this.#report = report;
  }

  /** There may be something to tell. */
  soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#telling = this.#telling.then(() => this.#tell()).catch(this.#report);
    }, gatherMs);
  }

  async #tell(): Promise<void> {
    const [cursor, reads] = await Promise.all([readCursor(this.#db), unreportedReads(this.#db)]);
    const isNews = cursor !== undefined && cursor !== this.#toldCursor;
    if (!isNews && reads.length === 0) return;
    const read = reads.map(({ peerId, with: nick, upTo }) => ({ with: nick, withId: peerId, upTo }));
    const told = await postReceipts({ ...(cursor === undefined ? {} : { delivered: cursor }), read });
    if (!told) return;
    this.#toldCursor = cursor;
    await noteReported(this.#db, reads);
  }
}
