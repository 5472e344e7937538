/**
 * The writing side: one connection, one transaction at a time, and in it everything that arrived while the one before ran.
 * An answer goes out only after its commit was confirmed; where that confirmation was lost, the answer is that the same
 * must be tried again.
 */
import { failpoint } from '../failpoint.ts';
import type { StorageFull, StorageHeld } from './event-store.ts';
import type { Connection } from './postgres-connection.ts';
import { metAnother, passingFault } from './postgres-failure.ts';

/** A transaction is closed at so many calls, or at so many drafts in them, so that none waits long. */
const mostCalls = 512;
const mostDrafts = 2_000;
/** Two transactions that met, meet again ever more rarely. */
const mostAttempts = 8;

export interface Call {
  name: string;
  parameters: readonly unknown[];
}

interface WaitingCall extends Call {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export interface GroupCommitOptions {
  /** Opens a connection, whenever there is none. */
  connect: () => Promise<Connection>;
  /** Carries out the calls, and answers their values, in order. */
  work: (db: Connection, calls: readonly Call[]) => Promise<unknown[]>;
  /** How the last transaction went: undefined if it was committed. */
  onOutcome: (fault: StorageFull | StorageHeld | undefined) => void;
  random: () => number;
}

export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #waiting: WaitingCall[] = [];
  #connection: Connection | undefined;
  #atWork: Promise<void> | undefined;
  #isClosing = false;
  #commits = 0;

  constructor(options: GroupCommitOptions, connection: Connection) {
    this.#options = options;
    this.#connection = connection;
  }

  get commits(): number {
    return this.#commits;
  }

  call(name: string, ...parameters: unknown[]): Promise<unknown> {
    if (this.#isClosing) return Promise.reject(new Error('The store is closed.'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ name, parameters, resolve, reject });
      this.#atWork ??= this.#workOff();
    });
  }

  /** Finishes what was asked before. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#atWork;
    await this.#connection?.end();
  }

  async #workOff(): Promise<void> {
    // What is called in the same turn goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#settle(this.#waiting.splice(0, this.#nextBatch()));
    // In the same turn as the last look: who calls after it begins anew.
    this.#atWork = undefined;
  }

  async #settle(batch: readonly WaitingCall[]): Promise<void> {
    try {
      const values = await this.#commit(batch);
      this.#options.onOutcome(undefined);
      batch.forEach(({ resolve }, index) => resolve(values[index]));
    } catch (error) {
      const fault = passingFault(error);
      if (fault) {
        // Nobody gets an answer that says it is on disk; and who came meanwhile would only wait as long again.
        for (const { reject } of [...batch, ...this.#waiting.splice(0)]) reject(fault);
        this.#options.onOutcome(fault);
      } else if (batch.length === 1)
        batch[0]!.reject(error instanceof Error ? error : new Error(String(error)));
      // One of them has failed, and undid all: each for itself, then.
      else for (const call of batch) await this.#settle([call]);
    }
  }

  async #commit(batch: readonly Call[]): Promise<unknown[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#commitOnce(batch);
      } catch (error) {
        if (!metAnother(error) || attempt === mostAttempts) throw error;
        const pauseMs = this.#options.random() * 2 ** attempt;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  async #commitOnce(batch: readonly Call[]): Promise<unknown[]> {
    if (!this.#connection || this.#connection.isLost) {
      await this.#connection?.end();
      this.#connection = undefined;
      this.#connection = await this.#options.connect();
    }
    const db = this.#connection;
    failpoint('before-begin');
    // Sent together with the first question.
    const begun = db.exec('BEGIN');
    try {
      const [values] = await Promise.all([this.#options.work(db, batch), begun]);
      failpoint('before-commit');
      const done = await db.exec('COMMIT');
      if (done !== 'COMMIT') throw new Error(`The transaction ended with ${done}.`);
      failpoint('after-commit');
      this.#commits += 1;
      return values;
    } catch (error) {
      await begun.catch(() => undefined);
      // One that cannot even be undone is no connection any more.
      if (!db.isLost) await db.exec('ROLLBACK').catch(() => db.end());
      throw error;
    }
  }

  /** How many of the calls that wait go together; at least one. */
  #nextBatch(): number {
    let drafts = 0;
    const cut = this.#waiting.findIndex(({ parameters }, index) => {
      drafts += parameters.find(Array.isArray)?.length ?? 0;
      return index > 0 && (index === mostCalls || drafts > mostDrafts);
    });
    return cut === -1 ? this.#waiting.length : cut;
  }
}
