/**
 * The device's database of one person: schema, opening, and the one way to run a transaction.
 *
 * Page and worker share this folder, so nothing here may use the DOM or Lit.
 * A handle can die under us (Safari: "Connection to Indexed Database server lost"; a deleted database; a newer version in
 * another tab). The next transaction then opens a new one instead of failing on the same dead handle for ever.
 */
import {
  deleteDB,
  openDB,
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type StoreNames,
} from 'idb';
import type { Refusal } from '../../server/protocol/problem.ts';
import type { Person, Progress } from '../../server/protocol/requests.ts';

/** What this device has yet to hand to the server. */
export interface OutboxRow {
  /** Order of composing on this device; given by the database. */
  ordinal?: number;
  id: string;
  to: string;
  toId: string;
  text: string;
  composedAt: string;
  status: 'queued' | 'failed';
  /** Tries that were begun, counted before the request leaves; 0 means that the server cannot have it. */
  attempts: number;
  /** When the last one began, in ms. */
  lastTriedAt?: number;
  /** Why it failed, when it failed. */
  refusal?: Refusal;
  /** Settled once already, and offered again because the server seemed to have lost it. */
  reoffered?: true;
}

/** A message as the thread shows it; one row from composing to read. */
export interface MessageRow {
  fromId: string;
  id: string;
  /** The other person of the conversation; oneself for notes. */
  peerId: string;
  from: string;
  to: string;
  toId: string;
  text: string;
  composedAt: string;
  /**
   * Place in the thread: the seq once there is one, until then behind all of those in the order of composing.
   * What the server has lost, and only its sender can bring back, has no seq and stays between two.
   */
  place: number;
  seq?: number;
  acceptedAt?: string;
  /** When the server's answer was read, in ms; only until the message came back in the inbox. */
  unconfirmedSince?: number;
  /** Own messages that left from here: how many tries it took, and when the last of them left, in ms. */
  tries?: number;
  leftAt?: number;
  /** When a message of somebody else was first stored here, in ms. */
  arrivedAt?: number;
}

/** How far the other side of a conversation got, and when: one row whenever it got further. */
export interface MilestoneRow {
  peerId: string;
  kind: keyof Progress;
  /** The highest seq that was reached. */
  upTo: number;
  /** ISO 8601, by the server's clock; missing where the device only learned that it had happened. */
  at?: string;
}

export interface ConversationRow {
  peerId: string;
  /** The label of `peerId` when last heard of. */
  nick: string;
  lastSeq: number;
  /** ISO 8601 of the last thing that happened here, for sorting the list. */
  lastAt: string;
  mine: Progress;
  theirs: Progress;
  /** Highest seq read on this device; above `mine.read` the server does not know yet. */
  readHere: number;
  unread: number;
}

export interface DraftRow {
  peerId: string;
  text: string;
}

/** How flushing goes on after a failure. */
export interface FlushState {
  /** Failures in a row. */
  failures: number;
  /** When the last try that failed began, in ms. */
  triedAt?: number;
  /** When the timer should try again, in ms. */
  nextTryAt: number;
  /** The server asked to be left alone until then, in ms. */
  holdUntil: number;
  /** Most drafts in the next batch: halved by a timeout. */
  batchLimit: number;
  /** Why nothing goes out at the moment. */
  why: FlushTrouble | null;
}
export type FlushTrouble =
  | 'offline'
  | 'timeout'
  | 'server'
  | 'busy'
  | 'not-ours'
  | 'signed-out'
  | 'other-person';

interface Schema extends DBSchema {
  outbox: { key: number; value: OutboxRow; indexes: { id: string; status: [string, number] } };
  messages: {
    key: [string, string];
    value: MessageRow;
    indexes: { thread: [string, number]; unconfirmed: number };
  };
  conversations: { key: string; value: ConversationRow };
  people: { key: string; value: Person };
  drafts: { key: string; value: DraftRow };
  milestones: { key: [string, string, number]; value: MilestoneRow };
  /** Single values by name: `cursor`, `flush`, `reset` (why there is no cursor). */
  meta: { key: string; value: string | FlushState };
}

export type StoreName = StoreNames<Schema>;
export type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<Schema, StoreName[], Mode>;
export type WriteTransaction = Transaction<'readwrite'>;
type ReadTransaction = Transaction<'readonly'>;

/** Only ever added to: an old tab may hold the database, and the outbox must survive every version. */
const migrations: ((db: IDBPDatabase<Schema>) => void)[] = [
  (db) => {
    const outbox = db.createObjectStore('outbox', { keyPath: 'ordinal', autoIncrement: true });
    outbox.createIndex('id', 'id', { unique: true });
    outbox.createIndex('status', ['status', 'ordinal']);
    const messages = db.createObjectStore('messages', { keyPath: ['fromId', 'id'] });
    messages.createIndex('thread', ['peerId', 'place']);
    messages.createIndex('unconfirmed', 'unconfirmedSince');
    db.createObjectStore('conversations', { keyPath: 'peerId' });
    db.createObjectStore('people', { keyPath: 'id' });
    db.createObjectStore('drafts', { keyPath: 'peerId' });
    db.createObjectStore('meta');
  },
  (db) => {
    db.createObjectStore('milestones', { keyPath: ['peerId', 'kind', 'upTo'] });
  },
];

export class Database {
  readonly personId: string;
  #handle: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(personId: string) {
    this.personId = personId;
  }

  /** Reads from one consistent view. `work` awaits nothing but the transaction. */
  read<T>(stores: StoreName[], work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    return this.#run(stores, 'readonly', work);
  }

  /**
   * Writes all or nothing; resolves when the write is complete. Strict durability: what was said to be kept, is kept.
   * Rejects with the cause when it aborts, which is how a full disk shows (QuotaExceededError).
   */
  write<T>(stores: StoreName[], work: (tx: WriteTransaction) => Promise<T>): Promise<T> {
    return this.#run(stores, 'readwrite', work);
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle) (await handle).close();
  }

  /** Deletes everything of this person on this device. */
  async delete(): Promise<void> {
    await this.close();
    await deleteDB(this.#name);
  }

  get #name(): string {
    return `opentalk-${this.personId}`;
  }

  async #run<Mode extends 'readonly' | 'readwrite', T>(
    stores: StoreName[],
    mode: Mode,
    work: (tx: Transaction<Mode>) => Promise<T>,
  ): Promise<T> {
    const tx = await this.#begin(stores, mode);
    // Not awaited until the end, but an abort in between must not count as unhandled.
    const completed = tx.done.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    let result: T;
    try {
      result = await work(tx);
    } catch (cause) {
      // What is aborted already throws here, and then `completed` has the better reason (the quota, for one).
      try {
        tx.abort();
      } catch {
        const failed = await completed;
        throw failed?.error ?? cause;
      }
      await completed;
      throw cause;
    }
    const failed = await completed;
    if (failed) throw failed.error ?? new DOMException('The transaction was aborted.', 'AbortError');
    return result;
  }

  async #begin<Mode extends 'readonly' | 'readwrite'>(
    stores: StoreName[],
    mode: Mode,
  ): Promise<Transaction<Mode>> {
    const options = { durability: 'strict' } as const;
    try {
      return (await this.#open()).transaction(stores, mode, options);
    } catch (error) {
      if (!isDeadHandle(error)) throw error;
      this.#handle = undefined;
      return (await this.#open()).transaction(stores, mode, options);
    }
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#handle ??= this.#openNew().catch((error: unknown) => {
      this.#handle = undefined;
      throw error;
    });
    return this.#handle;
  }

  async #openNew(): Promise<IDBPDatabase<Schema>> {
    const db = await openDB<Schema>(this.#name, migrations.length, {
      upgrade: (upgrading, oldVersion) => {
        for (const migrate of migrations.slice(oldVersion)) migrate(upgrading);
      },
      // A newer version, or a deletion, waits in another tab: let go at once, so that it need not.
      blocking: () => void this.close(),
      terminated: () => {
        this.#handle = undefined;
      },
    });
    return db;
  }
}

function isDeadHandle(error: unknown): boolean {
  return (
    error instanceof DOMException && (error.name === 'InvalidStateError' || error.name === 'UnknownError')
  );
}
