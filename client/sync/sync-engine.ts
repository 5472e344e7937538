/**
 * Keeps the device and the server together: leads or follows, has what comes in taken in (incoming.ts), and sees that
 * what waits goes out. It only connects parts; what each decides stands in its own file.
 */
import type { Person } from '../../server/protocol/requests.ts';
import { onChange } from '../store/changes.ts';
import { Database } from '../store/database.ts';
import { freezeTransactions, thawTransactions } from '../store/frozen.ts';
import { MemoryDatabase } from '../store/memory-database.ts';
import { giveUpOldRequests } from '../store/patience.ts';
import { endTrouble, isTooOld, onTrouble } from '../store/trouble.ts';
import { newUuid } from '../store/uuid.ts';
import { readSession } from '../session.ts';
import { CatchUp } from './catch-up.ts';
import { EventSourceConnection } from './event-source-connection.ts';
import { Flusher } from './flusher.ts';
import { Incoming } from './incoming.ts';
import { Leadership } from './leader.ts';
import type { ProbeResult } from './connection-types.ts';
import { Moments } from './moments.ts';
import { watchPageLife } from './page-life.ts';
import { PeopleKeeper } from './people-keeper.ts';
import { PeersKeeper } from './peers-keeper.ts';
import { ReceiptReporter } from './receipts.ts';
import { fetchEvents } from './server-calls.ts';
import { StorageHold } from './storage-hold.ts';

/** Older requests are given up when the network may be another one. */
const oldAtWakeMs = 1_500;

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
  readonly #incoming: Incoming;
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
    this.#incoming = new Incoming({
      me,
      db: this.db,
      moments: this.moments,
      catchUp: this.#catchUp,
      receipts: this.#receipts,
      people: this.#people,
      peers: this.#peers,
      flush: () => this.flush(),
      onStored: () => this.#hold.stored(),
      report,
    });
    this.#connection = new EventSourceConnection({
      pageId: newUuid(),
      cursor: () => this.#hold.guard(() => this.#incoming.cursor()),
      receive: (event) => this.#hold.guard(() => this.#incoming.receive(event)),
      probe: (signal) => this.#probe(signal),
      fetchEvents,
      store: (events, cursor) => this.#hold.guard(() => this.#incoming.store(events, cursor)),
      onConnected: () => this.#incoming.connected(),
      onCaughtUp: () => this.#incoming.caughtUp(),
      onReset: (reset) => this.#incoming.receive(reset),
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
