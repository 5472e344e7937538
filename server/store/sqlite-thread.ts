/**
 * What is said between the main thread and the store's threads, and the main thread's end of it.
 *
 * Calls that arrive while the thread works are gathered and sent as one batch when it is done: on the writer that is
 * the group commit. Errors cross as data.
 */
import { Worker } from 'node:worker_threads';
import { StorageFull, StorageHeld } from './event-store.ts';
import { explainFailure } from './sqlite-failure.ts';
import { refusalOfAll, type StorageNotice } from './storage-watch.ts';

export interface Command {
  name: string;
  parameters: unknown[];
}

export interface Fault {
  kind: 'full' | 'held' | 'bug';
  message: string;
}

export type Answer = { value: unknown } | { fault: Fault };
export type Reply =
  | { kind: 'ready'; epoch: string }
  | { kind: 'in-use' }
  | { kind: 'answers'; answers: Answer[] }
  | { kind: 'notice'; notice: StorageNotice };

export interface Reports {
  /** The thread has died. */
  onFatal: (error: Error) => void;
  onNotice: (notice: StorageNotice) => void;
}

/** Another server works on this data folder; two would each be blind to what the other keeps in memory. */
export class DataFolderInUse extends Error {
  override name = 'DataFolderInUse';
}

/** A batch is closed at so many calls, or at so many drafts in them, so that none waits long. */
const mostCalls = 512;
const mostDrafts = 2_000;

interface Call {
  command: Command;
  /** How much work it is: the drafts it brings. */
  drafts: number;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export class StoreThread {
  readonly #worker: Worker;
  readonly #waiting: Call[] = [];
  #underWay: Call[] = [];
  #batches = 0;
  #failure: Error | undefined;
  #isClosing = false;
  #isSending = false;
  readonly #exited = Promise.withResolvers<void>();
  readonly #idle = Promise.withResolvers<void>();
  readonly #ready = Promise.withResolvers<string>();

  constructor(file: string, dataDir: string, { onFatal, onNotice }: Reports) {
    this.#worker = new Worker(new URL(file, import.meta.url), { workerData: { dataDir } });
    let isReady = false;
    let cause: Error | undefined;
    this.#worker.on('message', (reply: Reply) => {
      switch (reply.kind) {
        case 'ready':
          isReady = true;
          return this.#ready.resolve(reply.epoch);
        case 'in-use':
          cause = new DataFolderInUse(`another OpenTalk server is running on the data folder ${dataDir}.`);
          return;
        case 'answers':
          return this.#settle(reply.answers);
        case 'notice':
          return onNotice(reply.notice);
      }
    });
    this.#worker.on('error', (error) => {
      cause = error instanceof Error ? explainFailure(error, dataDir) : new Error(String(error));
    });
    this.#worker.on('exit', () => {
      this.#exited.resolve();
      this.#idle.resolve();
      const wasAsked = this.#isClosing && this.#underWay.length === 0;
      if (wasAsked && !cause) return;
      this.#failure = cause ?? new Error(`The store's thread ${file} has ended.`);
      for (const { reject } of [...this.#underWay, ...this.#waiting.splice(0)]) reject(this.#failure);
      this.#ready.reject(this.#failure);
      if (isReady) onFatal(this.#failure);
    });
  }

  /** Resolves with the epoch once the thread can work; rejects with why it can't. */
  get ready(): Promise<string> {
    return this.#ready.promise;
  }

  /** How many batches were answered; on the writer, how many transactions were committed. */
  get batches(): number {
    return this.#batches;
  }

  call(name: string, ...parameters: unknown[]): Promise<unknown> {
    if (this.#failure || this.#isClosing) {
      return Promise.reject(this.#failure ?? new Error('The store is closed.'));
    }
    const drafts = parameters.find(Array.isArray)?.length ?? 0;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ command: { name, parameters }, drafts, resolve, reject });
      this.#sendSoon();
    });
  }

  /** Finishes what was asked before, then ends the thread. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#underWay.length > 0 || this.#waiting.length > 0) await this.#idle.promise;
    this.#worker.postMessage('close');
    await this.#exited.promise;
  }

  /** After all that has arrived by now was read, so that it goes together. */
  #sendSoon(): void {
    if (this.#underWay.length > 0 || this.#isSending) return;
    this.#isSending = true;
    setImmediate(() => {
      this.#isSending = false;
      this.#sendNext();
    });
  }

  #sendNext(): void {
    if (this.#underWay.length > 0) return;
    if (this.#waiting.length === 0) return this.#isClosing ? this.#idle.resolve() : undefined;
    this.#underWay = this.#waiting.splice(0, this.#nextBatch());
    this.#worker.postMessage(this.#underWay.map(({ command }) => command));
  }

  /** How many of the calls that wait go together; at least one. */
  #nextBatch(): number {
    let drafts = 0;
    const cut = this.#waiting.findIndex((call, index) => {
      drafts += call.drafts;
      return index > 0 && (index === mostCalls || drafts > mostDrafts);
    });
    return cut === -1 ? this.#waiting.length : cut;
  }

  #settle(answers: Answer[]): void {
    const calls = this.#underWay;
    this.#underWay = [];
    this.#batches += 1;
    if (refusalOfAll(answers) === 'held') {
      // Who came meanwhile has waited for the other program, too, and would now wait as long again.
      for (const { reject } of this.#waiting.splice(0))
        reject(new StorageHeld('Another program holds the database.'));
    }
    this.#sendNext();
    calls.forEach(({ resolve, reject }, index) => {
      const answer = answers[index]!;
      if ('value' in answer) return resolve(answer.value);
      reject(errorOf(answer.fault));
    });
  }
}

function errorOf({ kind, message }: Fault): Error {
  switch (kind) {
    case 'full':
      return new StorageFull(message);
    case 'held':
      return new StorageHeld(message);
    case 'bug':
      return new Error(message);
  }
}
