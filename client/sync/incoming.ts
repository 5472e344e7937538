/**
 * What follows from what the server says, by a stream or by polling: what is stored of it, and who has to know.
 * It opens and closes nothing; whether the device stays together with the server at all is sync-engine.ts.
 */
import type { StreamEvent } from '../../server/protocol/events.ts';
import type { Person } from '../../server/protocol/requests.ts';
import type { Database } from '../store/database.ts';
import { rememberIdentity } from '../store/device.ts';
import { giveUpOldRequests } from '../store/patience.ts';
import { listPeople } from '../store/people.ts';
import { applyEvents, readCursor, type LoggedStreamEvent } from '../store/timeline.ts';
import type { CatchUp } from './catch-up.ts';
import type { Moments } from './moments.ts';
import type { PeersKeeper } from './peers-keeper.ts';
import type { PeopleKeeper } from './people-keeper.ts';
import type { ReceiptReporter } from './receipts.ts';
import { tidyHistory } from './storage-care.ts';

/** Older requests are given up when a new stream came through. */
const oldAtAckMs = 12_000;

export interface IncomingParts {
  me: Person;
  db: Database;
  moments: Moments;
  catchUp: CatchUp;
  receipts: ReceiptReporter;
  people: PeopleKeeper;
  peers: PeersKeeper;
  /** What waits can go out. */
  flush: () => void;
  /** What came in could be stored. */
  onStored: () => void;
  report: (error: unknown) => void;
}

export class Incoming {
  readonly #parts: IncomingParts;
  /** `ack` came; whether a `reset` follows is not known yet. */
  #isFlushDue = false;

  constructor(parts: IncomingParts) {
    this.#parts = parts;
  }

  /** Where to go on from; on a device that has nothing yet, after a snapshot was stored. */
  async cursor(): Promise<string> {
    const { db, me, catchUp, onStored } = this.#parts;
    const isCold = (await readCursor(db)) === undefined;
    const cursor = await catchUp.cursor();
    if (!isCold) return cursor;
    onStored();
    // Where all was cleared, this was cleared with it; the worker needs it to send.
    if (!(await db.isInMemory())) await rememberIdentity(me);
    return cursor;
  }

  /** One event that is not of the log. 'reopen' to go on from the stored cursor. */
  async receive(event: StreamEvent | undefined): Promise<'ok' | 'reopen'> {
    const { me, catchUp, people } = this.#parts;
    this.#flushUnless(event?.kind === 'reset');
    switch (event?.kind) {
      case 'ack':
        return this.#acknowledged(event.data.me);
      case 'reset':
        await catchUp.reset(event.data.reason);
        return 'reopen';
      case 'person':
        if (event.data.id !== me.id) people.note(event.data);
        return 'ok';
      case 'peers':
        // What is seen of others' presence may be different by that.
        this.#refreshPeople();
        return 'ok';
      case 'typing':
        await this.#showTyping(event.data.from);
        return 'ok';
      case 'heartbeat':
        await this.caughtUp();
        return 'ok';
      default:
        return 'ok';
    }
  }

  /** Events of the log, oldest first, and the cursor after them. */
  async store(events: LoggedStreamEvent[], cursor: string): Promise<void> {
    const { db, me, moments, people, receipts, onStored } = this.#parts;
    this.#flushUnless(false);
    await applyEvents(db, events, Date.now(), cursor, 'a-cursor');
    onStored();
    for (const { event } of events) {
      if (event?.kind === 'inbox') {
        moments.endTyping(event.data.fromId);
        if (event.data.fromId !== me.id) receipts.received();
      }
      if (event?.kind === 'user_deleted') people.refresh();
    }
  }

  /** The server answers, without a stream. */
  connected(): void {
    const { receipts, flush } = this.#parts;
    receipts.begins();
    flush();
    this.#refreshPeople();
  }

  /** All that there was has been taken in. */
  async caughtUp(): Promise<void> {
    const { db, catchUp, receipts, flush, report } = this.#parts;
    receipts.soon();
    tidyHistory(db).catch(report);
    if (await catchUp.ends()) flush();
  }

  async #acknowledged(me: Person): Promise<'ok'> {
    const { me: mine, catchUp, receipts } = this.#parts;
    // Nothing of another person's is ever applied here; the probe then says so to the person.
    if (me.id !== mine.id) throw new Error('The stream is of another person.');
    giveUpOldRequests(oldAtAckMs);
    receipts.begins();
    await catchUp.begins();
    // At the next word, if that is no `reset`: what the server lost goes before what waits.
    this.#isFlushDue = true;
    this.#refreshPeople();
    return 'ok';
  }

  /** The word after `ack` tells. */
  #flushUnless(isReset: boolean): void {
    if (this.#isFlushDue && !isReset) this.#parts.flush();
    this.#isFlushDue = false;
  }

  #refreshPeople(): void {
    this.#parts.people.refresh();
    this.#parts.peers.refresh();
  }

  async #showTyping(nick: string): Promise<void> {
    const { db, moments } = this.#parts;
    const person = (await listPeople(db)).find((other) => other.nick === nick);
    if (person) moments.showTyping(person.id);
  }
}
