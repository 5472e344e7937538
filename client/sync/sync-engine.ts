/**
 * Keeps the device and the server together: leads or follows, applies what comes in, and sees that what waits goes out.
 * It only connects parts; what each decides stands in its own file.
 */
import type { StreamEvent } from '../../server/protocol/events.ts';
import type { Person } from '../../server/protocol/requests.ts';
import { onChange } from '../store/changes.ts';
import { Database } from '../store/database.ts';
import { rememberIdentity } from '../store/device.ts';
import { freezeTransactions, thawTransactions } from '../store/frozen.ts';
import { MemoryDatabase } from '../store/memory-database.ts';
import { giveUpOldRequests } from '../store/patience.ts';
import { listPeople } from '../store/people.ts';
import { endTrouble, isTooOld, onTrouble } from '../store/trouble.ts';
import { newUuid } from '../store/uuid.ts';
import { applyEvents, readCursor, type LoggedStreamEvent } from '../store/timeline.ts';
import { readSession } from '../session.ts';
import { CatchUp } from './catch-up.ts';
import { EventSourceConnection } from './event-source-connection.ts';
import { Flusher } from './flusher.ts';
import { Leadership } from './leader.ts';
import type { ProbeResult } from './connection-types.ts';
import { Moments } from './moments.ts';
import { watchPageLife } from './page-life.ts';
import { PeopleKeeper } from './people-keeper.ts';
import { PeersKeeper } from './peers-keeper.ts';
import { ReceiptReporter } from './receipts.ts';
import { fetchEvents } from './server-calls.ts';
import { tidyHistory } from './storage-care.ts';
import { StorageHold } from './storage-hold.ts';

/** Older requests are given up when the network may be another one, and when a new stream came through. */
const oldAtWakeMs = 1_500;
const oldAtAckMs = 12_000;

export class SyncEngine {
  readonly db: Database;
  readonly moments: Moments;
  readonly #me: Person;
  readonly #connection: EventSourceConnection;
  readonly #receipts: ReceiptReporter;
  readonly #people: PeopleKeeper;
  readonly #peers: PeersKeeper;
  readonly #leadership: Leadership;
  readonly #flusher: Flusher;
  readonly #catchUp: CatchUp;
  /** `ack` came; whether a `reset` follows is not known yet. */
  #isFlushDue = false;
  readonly #hold: StorageHold;
  #isOver = false;
  #isLeading = false;
  readonly #stops: (() => void)[] = [];

  constructor(me: Person) {
    this.#me = me;
    this.db = new Database(me.id, {
      // Emptied under us: the session says whether by a sign-out elsewhere; else all of it is loaded again.
      onGone: () => this.#connection.dispatch({ type: 'failed', closed: true }),
      inMemory: () => new MemoryDatabase(),
    });
    this.moments = new Moments(me.id);
    this.#receipts = new ReceiptReporter(this.db, report);
    this.#flusher = new Flusher(
      this.db,
      report,
      () => this.#connection.dispatch({ type: 'evidence' }),
      // A stream that was opened before does not know that the session is another by now.
      () => this.#connection.dispatch({ type: 'reopen' }),
    );
    this.#people = new PeopleKeeper(this.db, report);
    this.#peers = new PeersKeeper(this.db, report);
    this.#catchUp = new CatchUp(this.db);
    this.#connection = new EventSourceConnection({
      pageId: newUuid(),
      cursor: () => this.#hold.guard(() => this.#cursor()),
      receive: (event) => this.#hold.guard(() => this.#receive(event)),
      probe: (signal) => this.#probe(signal),
      fetchEvents,
      store: (events, cursor) => this.#hold.guard(() => this.#store(events, cursor)),
      onConnected: () => this.#connected(),
      onCaughtUp: () => this.#caughtUp(),
      onReset: (reset) => this.#receive(reset),
      onState: (state) => {
        this.#people.keepAsking(state.name === 'polling');
        this.moments.showState(state);
      },
      report,
    });
    this.#hold = new StorageHold({
      pause: () => this.#connection.dispatch({ type: 'stop' }),
      resume: () => this.#isLeading && this.#connection.dispatch({ type: 'start' }),
    });
    this.#leadership = new Leadership({
      personId: me.id,
      onLead: () => this.#lead(),
      onFollow: () => {
        this.#isLeading = false;
        this.moments.follow();
        this.#connection.dispatch({ type: 'stop' });
      },
      report,
    });
  }

  start(): void {
    // They hear first that the page is back: what is woken below needs them.
    this.#leadership.start();
    this.#flusher.start();
    this.#stops.push(
      onChange((topics) => {
        if (topics.includes('conversations')) this.#receipts.soon();
        if (topics.includes('people')) endTrouble('cleared');
      }),
      // What is stored belongs to a newer page: that one leads.
      onTrouble(() => isTooOld() && this.stop()),
      listen(window, 'online', () => this.wake()),
      watchPageLife({
        onFreeze: () => {
          freezeTransactions();
          this.db.close().catch(report);
        },
        onBack: () => {
          thawTransactions();
          this.wake();
        },
        onSeen: (visible) => {
          if (visible) this.wake();
        },
      }),
      this.moments.onWake(() => this.#wakeConnection()),
    );
    this.#leadAloneInMemory().catch(report);
  }

  /** A database that only this page sees needs a stream of its own, whoever else leads. */
  async #leadAloneInMemory(): Promise<void> {
    if (!(await this.db.isInMemory()) || this.#isOver) return;
    this.#leadership.stop();
    this.#lead();
  }

  #lead(): void {
    this.#isLeading = true;
    this.moments.lead();
    this.#connection.dispatch({ type: 'start' });
  }

  stop(): void {
    this.#isOver = true;
    this.#leadership.stop();
    for (const stop of this.#stops.splice(0)) stop();
    this.#flusher.stop();
    this.#hold.stop();
    this.#connection.dispatch({ type: 'stop' });
    this.#people.stop();
    this.moments.close();
  }

  /** There is reason to believe that the network works again. */
  wake(): void {
    giveUpOldRequests(oldAtWakeMs);
    this.retryStoring();
    this.#wakeConnection();
    this.moments.askToWake();
    this.flush();
  }

  /** What is here is not what the server has: all of it is compared, and what is only here is offered again. */
  async beginAnew(): Promise<void> {
    await this.#catchUp.reset('restored');
    this.#connection.dispatch({ type: 'reopen' });
  }

  /** Something was decided here that the server is to know. */
  tellPeers(): void {
    this.#peers.refresh();
  }

  /** There is reason to believe that the device has room. */
  retryStoring(): void {
    this.#hold.release();
  }

  #wakeConnection(): void {
    if (this.#connection.state.name === 'refused') this.#askAgain().catch(report);
    else this.#connection.dispatch({ type: 'wake' });
  }

  /** The right person may be back. */
  async #askAgain(): Promise<void> {
    const { result } = await this.#probe();
    if (result === 'signed-in') this.#connection.dispatch({ type: 'start' });
  }

  flush(): void {
    // It is asked for again when a catch-up begins.
    if (!this.#catchUp.isBeginning) this.#flusher.flush();
  }

  async #cursor(): Promise<string> {
    const isCold = (await readCursor(this.db)) === undefined;
    const cursor = await this.#catchUp.cursor();
    if (!isCold) return cursor;
    this.#hold.stored();
    // Where all was cleared, this was cleared with it; the worker needs it to send.
    if (!(await this.db.isInMemory())) await rememberIdentity(this.#me);
    return cursor;
  }

  async #receive(event: StreamEvent | undefined): Promise<'ok' | 'reopen'> {
    this.#flushUnless(event?.kind === 'reset');
    switch (event?.kind) {
      case 'ack':
        return this.#acknowledged(event.data.me);
      case 'reset':
        await this.#catchUp.reset(event.data.reason);
        return 'reopen';
      case 'person':
        if (event.data.id !== this.#me.id) this.#people.note(event.data);
        return 'ok';
      case 'peers':
        // What is seen of others' presence may be different by that.
        this.#refreshPeople();
        return 'ok';
      case 'typing':
        await this.#showTyping(event.data.from);
        return 'ok';
      case 'heartbeat':
        await this.#caughtUp();
        return 'ok';
      default:
        return 'ok';
    }
  }

  async #store(events: LoggedStreamEvent[], cursor: string): Promise<void> {
    this.#flushUnless(false);
    await applyEvents(this.db, events, Date.now(), cursor, 'a-cursor');
    this.#hold.stored();
    for (const { event } of events) {
      if (event?.kind === 'inbox') this.moments.endTyping(event.data.fromId);
      if (event?.kind === 'user_deleted') this.#people.refresh();
    }
  }

  /** The word after `ack` tells. */
  #flushUnless(isReset: boolean): void {
    if (this.#isFlushDue && !isReset) this.flush();
    this.#isFlushDue = false;
  }

  async #acknowledged(me: Person): Promise<'ok'> {
    // Nothing of another person's is ever applied here; the probe then says so to the person.
    if (me.id !== this.#me.id) throw new Error('The stream is of another person.');
    giveUpOldRequests(oldAtAckMs);
    this.#receipts.begins();
    await this.#catchUp.begins();
    // At the next word, if that is no `reset`: what the server lost goes before what waits.
    this.#isFlushDue = true;
    this.#refreshPeople();
    return 'ok';
  }

  /** The server answers, without a stream. */
  #connected(): void {
    this.#receipts.begins();
    this.flush();
    this.#refreshPeople();
  }

  #refreshPeople(): void {
    this.#people.refresh();
    this.#peers.refresh();
  }

  async #caughtUp(): Promise<void> {
    this.#receipts.soon();
    tidyHistory(this.db).catch(report);
    if (await this.#catchUp.ends()) this.flush();
  }

  async #showTyping(nick: string): Promise<void> {
    const person = (await listPeople(this.db)).find((other) => other.nick === nick);
    if (person) this.moments.showTyping(person.id);
  }

  async #probe(signal?: AbortSignal): Promise<ProbeResult> {
    const session = await readSession(signal);
    if (session.kind !== 'signed-in') {
      const { kind: result, ...more } = session;
      return { result, ...more };
    }
    return { result: session.me.id === this.#me.id ? 'signed-in' : 'other-person' };
  }
}

function listen(target: EventTarget, kind: string, listener: (event: Event) => void): () => void {
  target.addEventListener(kind, listener);
  return () => target.removeEventListener(kind, listener);
}

function report(error: unknown): void {
  console.error(error);
}
