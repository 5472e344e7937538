/**
 * What the page takes from the browser as globals, given to each simulated tab as its own: the code that runs in a tab
 * sees that tab's database, network, locks, clock and chance, also behind an `await`. Outside of a tab everything is Node's.
 * Importing this file changes the globals of the process; only tests that simulate browsers may do so.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { real } from './real-globals.ts';
import { SimulatedEventSource, type OpenStream } from './event-source.ts';

/** A tab, as the globals need it. */
export interface Scope {
  readonly indexedDB: IDBFactory;
  readonly navigator: object;
  readonly document: EventTarget & { visibilityState: string };
  readonly window: EventTarget;
  readonly openStream: OpenStream;
  now(): number;
  random(): number;
  setTimer(ms: number, run: () => void): unknown;
  clearTimer(timer: unknown): void;
  /** For the tasks of the database. Undefined to leave them to Node. */
  readonly enqueue?: (run: () => void) => void;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  openChannel(name: string, receive: (data: unknown) => void): { post(data: unknown): void; close(): void };
  /** What the page writes to the console as an error. */
  report(problem: unknown): void;
  /** Before a row is stored: false when the disk has no room for it. */
  hasRoom(store: string): boolean;
}

const scopes = new AsyncLocalStorage<Scope | undefined>();

/** Runs `work` as Node's own code, whoever calls. */
export function runOutside<T>(work: () => T): T {
  return scopes.run(undefined, work);
}

/** Runs `work` as code of the tab, with all that follows from it. */
export function runIn<T>(scope: Scope, work: () => T): T {
  return scopes.run(scope, work);
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

function defineGetter(name: string, get: (scope: Scope | undefined) => unknown): void {
  Object.defineProperty(globalThis, name, { get: () => get(scopes.getStore()), configurable: true });
}

defineGetter('indexedDB', (scope) => scope?.indexedDB ?? real.indexedDB);
defineGetter('navigator', (scope) => scope?.navigator ?? real.navigator);
defineGetter('document', (scope) => scope?.document);
defineGetter('window', (scope) => scope?.window);

class Interval {
  timer: unknown;
}

function setScopedTimer(run: (...parameters: unknown[]) => void, ms = 0, ...rest: unknown[]): unknown {
  const scope = scopes.getStore();
  if (!scope) return real.setTimeout(run, ms, ...rest);
  return scope.setTimer(ms, () => scopes.run(scope, () => run(...rest)));
}

function clearScopedTimer(timer: unknown): void {
  const scope = scopes.getStore();
  if (timer instanceof Interval) return clearScopedTimer(timer.timer);
  if (!scope) return real.clearTimeout(timer as NodeJS.Timeout);
  scope.clearTimer(timer);
}

define(globalThis, 'setTimeout', setScopedTimer);
define(globalThis, 'clearTimeout', clearScopedTimer);
define(globalThis, 'clearInterval', clearScopedTimer);
define(globalThis, 'setInterval', (run: () => void, ms: number) => {
  if (!scopes.getStore()) return real.setInterval(run, ms);
  const interval = new Interval();
  const again = () => {
    interval.timer = setScopedTimer(again, ms);
    run();
  };
  interval.timer = setScopedTimer(again, ms);
  return interval;
});
define(globalThis, 'setImmediate', (run: (...parameters: unknown[]) => void, ...rest: unknown[]) => {
  const scope = scopes.getStore();
  if (!scope?.enqueue) return real.setImmediate(run, ...rest);
  return scope.enqueue(() => scopes.run(scope, () => run(...rest)));
});
define(globalThis, 'fetch', (path: string, init?: RequestInit) => {
  const scope = scopes.getStore();
  return scope ? scope.fetch(path, init) : real.fetch(path, init);
});
define(Math, 'random', () => scopes.getStore()?.random() ?? real.random());
define(console, 'error', (...problems: unknown[]) => {
  const scope = scopes.getStore();
  if (!scope) return real.error(...problems);
  for (const problem of problems) scope.report(problem);
});
define(AbortSignal, 'timeout', (ms: number) => {
  const scope = scopes.getStore();
  if (!scope) return real.timeout(ms);
  const controller = new AbortController();
  scope.setTimer(ms, () => controller.abort(new DOMException('It took too long.', 'TimeoutError')));
  return controller.signal;
});

class ScopedDate extends real.Date {
  constructor(...parameters: [] | [number | string]) {
    if (parameters.length === 0) super(ScopedDate.now());
    else super(...(parameters as [number]));
  }

  static override now(): number {
    return scopes.getStore()?.now() ?? real.Date.now();
  }
}
define(globalThis, 'Date', ScopedDate);

class ScopedBroadcastChannel extends EventTarget {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly name: string;
  readonly #end: { post(data: unknown): void; close(): void };

  constructor(name: string) {
    super();
    this.name = name;
    const scope = scopes.getStore();
    if (!scope) throw new Error('A channel is opened in a tab.');
    this.#end = scope.openChannel(name, (data) => this.onmessage?.({ data }));
  }

  postMessage(data: unknown): void {
    this.#end.post(structuredClone(data));
  }

  close(): void {
    this.#end.close();
  }
}
define(globalThis, 'BroadcastChannel', ScopedBroadcastChannel);

class ScopedEventSource extends SimulatedEventSource {
  constructor(path: string) {
    const scope = scopes.getStore();
    if (!scope) throw new Error('A stream is opened in a tab.');
    super(path, scope.openStream);
  }
}
define(globalThis, 'EventSource', ScopedEventSource);

// A full disk shows when a row is stored, and takes the whole transaction with it.
for (const name of ['put', 'add'] as const) {
  const store = IDBObjectStore.prototype[name];
  define(
    IDBObjectStore.prototype,
    name,
    function storeRow(this: IDBObjectStore, ...parameters: Parameters<typeof store>) {
      const request = store.apply(this, parameters);
      if (scopes.getStore()?.hasRoom(this.name) === false) {
        // fake-indexeddb's own way to abort for a reason.
        (this.transaction as unknown as { _abort(why: string): void })._abort('QuotaExceededError');
      }
      return request;
    },
  );
}
