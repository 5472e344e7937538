/**
 * The data of a simulated server: the real statements of the embedded store on a database in memory, in this thread. It
 * outlives the server, can be copied, and can be put back to a copy, as a backup is.
 */
import { DatabaseSync } from 'node:sqlite';
import type { EventStore, PruneLimits, PruneStep } from '../../../server/store/event-store.ts';
import { createAppend } from '../../../server/store/sqlite-append.ts';
import { commitTogether } from '../../../server/store/sqlite-commit.ts';
import { createInbox } from '../../../server/store/sqlite-inbox.ts';
import { createInboxReading } from '../../../server/store/sqlite-read-inbox.ts';
import { createPeers } from '../../../server/store/sqlite-peers.ts';
import { createReadPeers } from '../../../server/store/sqlite-read-peers.ts';
import { createPrune } from '../../../server/store/sqlite-prune.ts';
import { createReading } from '../../../server/store/sqlite-read.ts';
import { createReceipts } from '../../../server/store/sqlite-receipts.ts';
import { beginLife, migrate, readEpoch } from '../../../server/store/sqlite-schema.ts';
import { createSignIn } from '../../../server/store/sqlite-sign-in.ts';
import type { Answer, Command } from '../../../server/store/sqlite-thread.ts';
import { StorageFull } from '../../../server/store/event-store.ts';
import type { Actor, World } from './world.ts';

type Rows = Record<string, string | number | null>[];
/** Everything there is, by table. */
export type Copy = Map<string, Rows>;

type Functions = Record<string, (...parameters: never[]) => unknown>;

export class LocalData {
  epoch!: string;
  readonly #db: DatabaseSync;
  #reads!: Functions;
  #writes!: Functions;
  /** The disk takes nothing more. */
  isFull = false;

  /** In memory, or in a file that is whole between two calls, so that it can be copied. */
  constructor(file = ':memory:') {
    const db = new DatabaseSync(file, { enableForeignKeyConstraints: false });
    this.#db = db;
    db.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF');
    migrate(db);
    this.#begin();
  }

  /** As a server does that starts. */
  #begin(): void {
    const db = this.#db;
    this.epoch = readEpoch(db);
    const inbox = createInbox(db);
    const receipts = createReceipts(db, this.epoch, inbox);
    const reading = createInboxReading(db, this.epoch);
    this.#reads = { ...reading, ...createReading(db, reading.head), ...createReadPeers(db) };
    this.#writes = {
      ...createSignIn(db),
      ...createPeers(db, receipts),
      append: createAppend(db, inbox),
      recordReceipts: receipts.record,
      recordSeen: () => undefined,
      prune: createPrune(db),
    };
  }

  /** Asked at once, by a test. */
  read<Name extends keyof EventStore>(
    name: Name,
    ...parameters: Parameters<Extract<EventStore[Name], (...p: never[]) => unknown>>
  ): Awaited<ReturnType<Extract<EventStore[Name], (...p: never[]) => unknown>>> {
    return this.#reads[name]!(...(parameters as never[])) as never;
  }

  write(batch: readonly Command[]): Answer[] {
    if (this.isFull) return batch.map(() => ({ fault: { kind: 'full', message: 'The disk is full.' } }));
    const run = ({ name, parameters }: Command) => this.#writes[name]!(...(parameters as never[]));
    return commitTogether(this.#db, run, batch);
  }

  /** A whole pass of retention. */
  prune(limits: PruneLimits): void {
    let next: PruneStep['next'] = 0;
    while (next !== undefined) {
      const [answer] = this.write([{ name: 'prune', parameters: [limits, next] }]);
      if (!answer || 'fault' in answer) return; // no room: another time
      ({ next } = answer.value as PruneStep);
    }
  }

  all(sql: string, ...parameters: string[]): Rows {
    return this.#db.prepare(sql).all(...parameters) as Rows;
  }

  copy(): Copy {
    const tables = this.all("SELECT name FROM sqlite_schema WHERE type = 'table'");
    return new Map(tables.map(({ name }) => [String(name), this.all(`SELECT * FROM ${name}`)]));
  }

  /** Behind the server's back, or as a restore does that is no secret. */
  putBack(copy: Copy, asNewLife = false): void {
    this.#db.exec('BEGIN IMMEDIATE');
    for (const [table, rows] of copy) {
      this.#db.exec(`DELETE FROM ${table}`);
      const columns = Object.keys(rows[0] ?? {});
      if (columns.length === 0) continue;
      const places = columns.map(() => '?').join(', ');
      const add = this.#db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`);
      for (const row of rows) add.run(...columns.map((column) => row[column]!));
    }
    if (asNewLife) beginLife(this.#db);
    this.#db.exec('COMMIT');
    this.#begin();
  }

  close(): void {
    this.#db.close();
  }
}

const readOnly = [
  'personOfSession',
  'person',
  'personOfNick',
  'people',
  'head',
  'readInbox',
  'history',
  'stretch',
  'snapshot',
];
const written = ['signIn', 'signOut', 'append', 'recordReceipts', 'recordSeen', 'prune'];

/**
 * The store as the server sees it, with a thread that reads and one that writes: what is asked together is committed
 * together, and the answer is on its way for a moment, in which anything can happen. The dead get no answer.
 */
export function openLocalStore(world: World, server: Actor, data: LocalData): EventStore {
  const reader = threadOf(server);
  const writer = threadOf(server);
  let waiting: { command: Command; settle: (answer: Answer) => void }[] = [];

  function commit(): void {
    const batch = waiting;
    waiting = [];
    const answers = data.write(batch.map(({ command }) => command));
    world.enqueue(writer, () => batch.forEach(({ settle }, index) => settle(answers[index]!)));
  }

  const ask =
    (name: string) =>
    (...parameters: unknown[]) =>
      new Promise((resolve, reject) => {
        world.enqueue(reader, () => {
          try {
            const value = data.read(name as 'head', ...(parameters as [string]));
            world.enqueue(reader, () => resolve(value));
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      });
  const write =
    (name: string) =>
    (...parameters: unknown[]) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) world.enqueue(writer, commit);
        const settle = (answer: Answer) => {
          if ('value' in answer) return resolve(answer.value);
          const { kind, message } = answer.fault;
          reject(kind === 'full' ? new StorageFull(message) : new Error(message));
        };
        waiting.push({ command: { name, parameters }, settle });
      });
  return {
    ...Object.fromEntries([
      ...readOnly.map((name) => [name, ask(name)]),
      ...written.map((name) => [name, write(name)]),
    ]),
    epoch: data.epoch,
    close: () => Promise.resolve(),
  } as EventStore;
}

function threadOf(server: Actor): Actor {
  return {
    get isAlive() {
      return server.isAlive;
    },
  };
}
