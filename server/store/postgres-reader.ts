/**
 * The reading side: a few connections that never wait for a writer. A question of several statements is one transaction,
 * so that its answer is of one moment.
 */
import type { Connection, Db } from './postgres-connection.ts';
import { ConnectionLost, passingFault } from './postgres-failure.ts';
import { glance } from './postgres-glance.ts';
import { head, readInbox } from './postgres-read-inbox.ts';
import { bans, discretion, peers, wouldBeFirst } from './postgres-read-peers.ts';
import {
  conversations,
  devices,
  history,
  messagesAfter,
  people,
  person,
  personOfNick,
  personOfSession,
  stretch,
} from './postgres-read.ts';
import { snapshot } from './postgres-snapshot.ts';

type Question = (db: Db, ...parameters: never[]) => Promise<unknown>;

/** Those of a single statement need no transaction around it. */
export const single = { personOfSession, person, personOfNick, people, bans, glance };
export const several = {
  devices,
  conversations,
  messagesAfter,
  history,
  stretch,
  peers,
  wouldBeFirst,
  discretion,
};
/** Those that make ids of events. */
export const withEpoch = { head, readInbox };
export const severalWithEpoch = { snapshot };

const mostConnections = 8;
const isolated = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

export class Readers {
  readonly #connect: () => Promise<Connection>;
  readonly #free: Connection[] = [];
  readonly #waiting: PromiseWithResolvers<Connection | undefined>[] = [];
  #busy = 0;
  #isClosed = false;
  readonly #ended = Promise.withResolvers<void>();

  constructor(connect: () => Promise<Connection>) {
    this.#connect = connect;
  }

  async ask(question: Question, isSeveral: boolean, parameters: readonly unknown[]): Promise<unknown> {
    try {
      return await this.#askOnce(question, isSeveral, parameters);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw passingFault(error) ?? error;
    }
    // Asking changes nothing: once more, for a connection that was cut while nobody looked.
    try {
      return await this.#askOnce(question, isSeveral, parameters);
    } catch (error) {
      throw passingFault(error) ?? error;
    }
  }

  async #askOnce(question: Question, isSeveral: boolean, parameters: readonly unknown[]): Promise<unknown> {
    if (this.#isClosed) throw new Error('The store is closed.');
    let db: Connection | undefined;
    try {
      db = await this.#take();
      if (!isSeveral) return await question(db, ...(parameters as never[]));
      // Sent together with the first question.
      const begun = db.exec(isolated);
      const [value] = await Promise.all([question(db, ...(parameters as never[])), begun]);
      await db.exec('COMMIT');
      return value;
    } catch (error) {
      if (db && isSeveral && !db.isLost) await db.exec('ROLLBACK').catch(() => db?.end());
      throw error;
    } finally {
      this.#give(db);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#busy > 0) await this.#ended.promise;
    await Promise.all(this.#free.splice(0).map((db) => db.end()));
  }

  async #take(): Promise<Connection> {
    if (this.#busy === mostConnections) {
      const turn = Promise.withResolvers<Connection | undefined>();
      this.#waiting.push(turn);
      const handed = await turn.promise;
      if (handed) return handed;
    } else this.#busy += 1;
    for (let db = this.#free.pop(); db; db = this.#free.pop()) if (!db.isLost) return db;
    return this.#connect();
  }

  /** To who waits longest; one that is lost makes room for another. */
  #give(db: Connection | undefined): void {
    const good = db && !db.isLost ? db : undefined;
    const next = this.#waiting.shift();
    if (next) return next.resolve(good);
    this.#busy -= 1;
    if (good) this.#free.push(good);
    if (this.#busy === 0 && this.#isClosed) this.#ended.resolve();
  }
}
