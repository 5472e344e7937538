/**
 * A simulated browser: one database, one set of locks and channels, one way to the network, and tabs. Each tab runs the
 * page's real engine on modules of its own. A tab that is killed ends between two of its tasks: what it had not committed
 * is undone, its locks go to others, and nothing of it runs again.
 */
import { IDBFactory } from 'fake-indexeddb';
import type { Chat } from '../../../client/sync/chat.ts';
import type { Thread } from '../../../client/store/thread.ts';
import type { SyncEngine } from '../../../client/sync/sync-engine.ts';
import type { Person } from '../../../server/protocol/requests.ts';
import type { OpenStream } from './event-source.ts';
import { Locks, type LockOptions } from './lock-manager.ts';
import type { PageModules } from './module-graphs.ts';
import { runIn, type Scope } from './scoped-globals.ts';
import type { Actor } from './world.ts';

/** Where the browser lives: a simulated world or the real one. */
export interface Surroundings {
  now(): number;
  random(): number;
  enqueue(actor: Actor, run: () => void): void;
  setTimer(actor: Actor, ms: number, run: () => void): unknown;
  clearTimer(timer: unknown): void;
  /** The database's tasks run one at a time in the world's order; otherwise Node runs them. */
  readonly ownsDatabase: boolean;
}

/** The way from a browser to the server. */
export interface Way {
  request(tab: Tab, path: string, init?: RequestInit): Promise<Response>;
  openStream(tab: Tab, ...rest: Parameters<OpenStream>): () => void;
}

export class Browser {
  readonly me: Person;
  readonly surroundings: Surroundings;
  readonly way: Way;
  /** Its clock runs so much ahead. */
  clockAheadMs = 0;
  /** No room for messages; the small rows of `meta` still find some. */
  isFull = false;
  /** So many messages that cannot be stored, before others can. */
  failingWrites = 0;
  factory = new IDBFactory();
  /** The database's own tasks: a tab that dies does not take them along. */
  readonly disk: Actor = { isAlive: true };
  readonly locks: Locks;
  readonly channels = new Map<string, Set<{ tab: Tab; receive: (data: unknown) => void }>>();
  tabs: Tab[] = [];

  constructor(me: Person, surroundings: Surroundings, way: Way) {
    this.me = me;
    this.surroundings = surroundings;
    this.way = way;
    this.locks = new Locks((actor, run) => (actor as Tab).enqueue(run));
  }

  hasRoom(store: string): boolean {
    if (this.isFull) return store === 'meta';
    if (store !== 'messages' || this.failingWrites === 0) return true;
    this.failingWrites -= 1;
    return false;
  }

  openTab(modules: PageModules, isVisible = true): Tab {
    const tab = new Tab(this, modules, isVisible);
    this.tabs.push(tab);
    return tab;
  }

  /** Every tab dies at once. */
  crash(): void {
    for (const tab of [...this.tabs]) tab.kill();
  }

  /** The texts in its outbox at this moment, read past the page and without letting time pass. */
  peekWaiting(): string[] {
    const { _databases: databases } = this.factory as unknown as FakeFactory;
    const outbox = databases.get(`opentalk-${this.me.id}`)?.rawObjectStores.get('outbox');
    return [...(outbox?.records.values() ?? [])].map(({ value }) => value.text);
  }

  /** What was stored is gone: cleared by the person, or by the browser. */
  clearStorage(): void {
    this.crash();
    this.factory = new IDBFactory();
  }
}

class TabDocument extends EventTarget {
  visibilityState: string;
  constructor(isVisible: boolean) {
    super();
    this.visibilityState = isVisible ? 'visible' : 'hidden';
  }
  get hidden(): boolean {
    return this.visibilityState === 'hidden';
  }
}

export class Tab implements Actor {
  isAlive = true;
  readonly browser: Browser;
  readonly engine: SyncEngine;
  readonly chat: Chat;
  readonly document: TabDocument;
  readonly window = new EventTarget();
  /** What it reported. */
  readonly problems: unknown[] = [];
  readonly modules: PageModules;
  readonly #scope: Scope;
  readonly #connections = new Set<IDBDatabase>();
  readonly #leavings = new Set<() => void>();

  constructor(browser: Browser, modules: PageModules, isVisible: boolean) {
    this.browser = browser;
    this.modules = modules;
    this.document = new TabDocument(isVisible);
    this.#scope = this.#createScope();
    const { engine, chat } = this.run(() => {
      const started = new modules.SyncEngine(browser.me);
      const made = modules.createChat(browser.me, started);
      started.start();
      return { engine: started, chat: made };
    });
    this.engine = engine;
    this.chat = chat;
  }

  run<T>(work: () => T): T {
    return runIn(this.#scope, work);
  }

  enqueue(run: () => void): void {
    this.browser.surroundings.enqueue(this, () => {
      if (this.isAlive) this.run(run);
    });
  }

  readThread(peerId: string, limit: number): Promise<Thread> {
    return this.modules.readThread(this.engine.db, peerId, limit);
  }

  /** The browser says that the network is back. */
  online(): void {
    this.enqueue(() => this.window.dispatchEvent(new Event('online')));
  }

  show(isVisible: boolean): void {
    this.document.visibilityState = isVisible ? 'visible' : 'hidden';
    this.enqueue(() => this.document.dispatchEvent(new Event('visibilitychange')));
  }

  kill(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.browser.tabs = this.browser.tabs.filter((tab) => tab !== this);
    for (const leave of this.#leavings) leave();
    for (const ends of this.browser.channels.values()) {
      for (const end of [...ends]) if (end.tab === this) ends.delete(end);
    }
    for (const connection of this.#connections) abandon(connection);
    this.browser.locks.forget(this);
    this.run(() => this.modules.closeChanges());
  }

  #createScope(): Scope {
    const { browser, document, window } = this;
    const { surroundings: around, way } = browser;
    return {
      document,
      window,
      indexedDB: this.#database(),
      navigator: { onLine: true, locks: this.#locks() },
      openStream: (path, lastEventId, handlers) => {
        const leave = way.openStream(this, path, lastEventId, handlers);
        this.#leavings.add(leave);
        return () => {
          this.#leavings.delete(leave);
          leave();
        };
      },
      now: () => around.now() + browser.clockAheadMs,
      random: () => around.random(),
      setTimer: (ms, run) => around.setTimer(this, ms, run),
      clearTimer: (timer) => around.clearTimer(timer),
      ...(around.ownsDatabase ? { enqueue: (run) => around.enqueue(browser.disk, run) } : {}),
      fetch: (path, init) =>
        this.isAlive ? way.request(this, path, init) : new Promise<Response>(() => undefined),
      openChannel: (name, receive) => this.#openChannel(name, receive),
      report: (problem) => this.problems.push(problem),
      hasRoom: (store) => browser.hasRoom(store),
    };
  }

  /** The browser's databases, with every connection of this tab known, so that they can die with it. */
  #database(): IDBFactory {
    const { browser } = this;
    return {
      open: (name: string, version?: number) => {
        if (!this.isAlive) throw new DOMException('This tab is gone.', 'AbortError');
        const request = browser.factory.open(name, version);
        request.addEventListener('success', () => {
          this.#connections.add(request.result);
          if (!this.isAlive) request.result.close();
        });
        return request;
      },
      deleteDatabase: (name: string) => browser.factory.deleteDatabase(name),
      cmp: (a: unknown, b: unknown) => browser.factory.cmp(a, b),
      databases: () => browser.factory.databases(),
    };
  }

  #locks(): object {
    const { locks } = this.browser;
    return {
      request: (name: string, ...rest: [LockOptions, () => unknown] | [() => unknown]) =>
        rest.length === 1
          ? locks.request(this, name, {}, rest[0])
          : locks.request(this, name, rest[0], rest[1]),
    };
  }

  #openChannel(name: string, receive: (data: unknown) => void) {
    const { channels } = this.browser;
    const ends = channels.get(name) ?? new Set();
    channels.set(name, ends);
    const own = { tab: this as Tab, receive };
    ends.add(own);
    return {
      post: (data: unknown) => {
        for (const end of ends) {
          if (end !== own && this.isAlive) end.tab.enqueue(() => ends.has(end) && end.receive(data));
        }
      },
      close: () => ends.delete(own),
    };
  }
}

/** What fake-indexeddb keeps behind a factory. */
interface FakeFactory {
  _databases: Map<
    string,
    { rawObjectStores: Map<string, { records: { values(): Iterable<{ value: { text: string } }> } }> }
  >;
}

/** What fake-indexeddb keeps behind a connection. */
interface FakeConnection {
  _rawDatabase: { transactions: (IDBTransaction & { _state: string })[] };
}

/** As when a process ends: what is not committed never happened. */
function abandon(connection: IDBDatabase): void {
  const { transactions } = (connection as unknown as FakeConnection)._rawDatabase;
  for (const transaction of transactions.filter(({ db }) => db === connection)) {
    if (transaction._state !== 'finished' && transaction._state !== 'committing') transaction.abort();
  }
  connection.close();
}
