/**
 * How a device gets level with the server, whatever the transport: where to go on from, beginning anew when there is no
 * such place, and what must come back before it counts as confirmed. It stores; it opens and closes nothing.
 */
import type { ResetReason } from '../../server/protocol/events.ts';
import type { Database } from '../store/database.ts';
import { listUnconfirmed, reofferUnconfirmed } from '../store/reoffer.ts';
import { applySnapshot, noteReset, readNeedsWalk } from '../store/snapshot.ts';
import { readCursor } from '../store/timeline.ts';
import { fetchHistory, fetchSnapshot } from './server-calls.ts';
import { walkBack } from './walk-back.ts';

export class CatchUp {
  readonly #db: Database;
  /** What the catch-up that is under way should bring back; undefined after it. */
  #awaited: readonly string[] | undefined;
  #beginning: Promise<string> | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** A snapshot is being taken over: what the server lost is to be queued before anything newer goes out. */
  get isBeginning(): boolean {
    return this.#beginning !== undefined;
  }

  /** The stored cursor, or that of a snapshot which is stored now. Asked again meanwhile it is one and the same. */
  async cursor(): Promise<string> {
    await this.begins();
    const cursor = await readCursor(this.#db);
    if (cursor !== undefined) return cursor;
    this.#beginning ??= this.#begin().finally(() => (this.#beginning = undefined));
    return this.#beginning;
  }

  /** The cursor is good for nothing any more: close what is open, and open anew with `cursor()`. */
  reset(reason: ResetReason): Promise<void> {
    this.#awaited = undefined;
    return noteReset(this.#db, reason);
  }

  /** What was settled until now has to come back in what follows: said also where a browser reconnects by itself. */
  async begins(): Promise<void> {
    this.#awaited = await listUnconfirmed(this.#db);
  }

  /** All that there was has been applied. True if something did not come back, and is offered again. */
  async ends(): Promise<boolean> {
    const awaited = this.#awaited ?? [];
    this.#awaited = undefined;
    return (await reofferUnconfirmed(this.#db, awaited)) > 0;
  }

  async #begin(): Promise<string> {
    const snapshot = await fetchSnapshot();
    if (snapshot?.me.id !== this.#db.personId) throw new Error('No snapshot to begin with.');
    const needsWalk = await readNeedsWalk(this.#db);
    const agreements = needsWalk ? await walkBack(this.#db, snapshot, { fetchHistory, pause }) : undefined;
    if (needsWalk && !agreements) throw new Error('The way back through the history broke off.');
    await applySnapshot(this.#db, snapshot, agreements);
    return snapshot.cursor;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
