/**
 * What is said between the main thread and the store's threads, and the main thread's end of it.
 *
 * Calls that arrive while the thread works are gathered and sent as one batch when it is done: on the writer that is
 * the group commit. Errors cross as data.
 */
import { Worker } from 'node:worker_threads';
import { StorageFull } from './event-store.ts';

export interface Command {
  name: string;
  parameters: unknown[];
}

export interface Fault {
  kind: 'full' | 'bug';
  message: string;
}

export type Answer = { value: unknown } | { fault: Fault };
export type Reply = { kind: 'ready'; epoch: string } | { kind: 'answers'; answers: Answer[] };

/** So many calls share a transaction at most, so that none waits long. */
const mostPerBatch = 256;

interface Call {
  command: Command;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export class StoreThread {
  readonly #worker: Worker;
  readonly #waiting: Call[] = [];
  #underWay: Call[] = [];
  #failure: Error | undefined;
  #isClosing = false;
  readonly #exited = Promise.withResolvers<void>();
  readonly #idle = Promise.withResolvers<void>();
  readonly #ready = Promise.withResolvers<string>();

  constructor(file: string, dataDir: string, onFatal: (error: Error) => void) {
    this.#worker = new Worker(new URL(file, import.meta.url), { workerData: { dataDir } });
    let isReady = false;
    let cause: Error | undefined;
    this.#worker.on('message', (reply: Reply) => {
      if (reply.kind === 'answers') return this.#settle(reply.answers);
      isReady = true;
      this.#ready.resolve(reply.epoch);
    });
    this.#worker.on('error', (error) => {
      cause = error instanceof Error ? error : new Error(String(error));
    });
    this.#worker.on('exit', () => {
      this.#exited.resolve();
      this.#idle.resolve();
      if (this.#isClosing && !cause) return;
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

  call(name: string, ...parameters: unknown[]): Promise<unknown> {
    if (this.#failure || this.#isClosing) {
      return Promise.reject(this.#failure ?? new Error('The store is closed.'));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ command: { name, parameters }, resolve, reject });
      this.#sendNext();
    });
  }

  /** Finishes what was asked before, then ends the thread. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#underWay.length > 0) await this.#idle.promise;
    this.#worker.postMessage('close');
    await this.#exited.promise;
  }

  #sendNext(): void {
    if (this.#underWay.length > 0) return;
    if (this.#waiting.length === 0) return this.#isClosing ? this.#idle.resolve() : undefined;
    this.#underWay = this.#waiting.splice(0, mostPerBatch);
    this.#worker.postMessage(this.#underWay.map(({ command }) => command));
  }

  #settle(answers: Answer[]): void {
    const calls = this.#underWay;
    this.#underWay = [];
    this.#sendNext();
    calls.forEach(({ resolve, reject }, index) => {
      const answer = answers[index]!;
      if ('value' in answer) resolve(answer.value);
      else
        reject(
          answer.fault.kind === 'full'
            ? new StorageFull(answer.fault.message)
            : new Error(answer.fault.message),
        );
    });
  }
}
