/**
 * The device's database of one person: opening, and the one way to run a transaction. What it holds is schema.ts.
 *
 * Page and worker share this folder, so nothing here may use the DOM or Lit.
 * A handle can die under us (Safari: "Connection to Indexed Database server lost"; a deleted database; a newer version in
 * another tab). The next transaction then opens a new one instead of failing on the same dead handle for ever.
 */
import { deleteDB, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import { isDeadHandle, whileOpen } from './dead-handle.ts';
import { readLeft } from './device.ts';
import { endBeforeFreeze, isFrozen, untilThawed } from './frozen.ts';
import type { MemoryDatabase } from './memory-database.ts';
import { nameOf, openPatiently, type Loss } from './open-database.ts';
import { makeRoom } from './prune-history.ts';
import { migrations, type Schema } from './schema.ts';
import { endTrouble, isTooOld, tellTrouble } from './trouble.ts';

export type {
  ConversationRow,
  FlushState,
  FlushTrouble,
  MessageRow,
  MilestoneRow,
  OutboxRow,
  PeerRow,
  PrivacyRow,
} from './schema.ts';

export type StoreName = StoreNames<Schema>;
export type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<Schema, StoreName[], Mode>;
export type WriteTransaction = Transaction<'readwrite'>;
export type ReadTransaction = Transaction<'readonly'>;

type Handle = IDBPDatabase<Schema> | MemoryDatabase;

export interface DatabaseOptions {
  /** It was deleted or closed under us, and may be empty when it is opened again. */
  onGone?: () => void;
  /** What a page goes on with if it never opens. Without it every use fails, and the next tries again. */
  inMemory?: () => MemoryDatabase;
}

export class Database {
  readonly personId: string;
  readonly #options: DatabaseOptions;
  #handle: Promise<Handle> | undefined;
  /** What `#handle` resolved to. */
  #live: Handle | undefined;
  #makingRoom: Promise<boolean> | undefined;
  /** It has been open in this page: what fails now is no reason to go on in memory. */
  #wasOpen = false;

  constructor(personId: string, options: DatabaseOptions = {}) {
    this.personId = personId;
    this.#options = options;
  }

  /** Reads from one consistent view. `work` awaits nothing but the transaction, and may run twice. */
  read<T>(stores: StoreName[], work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    return this.#run(stores, 'readonly', work, 'fail');
  }

  /**
   * Writes all or nothing; resolves when the write is complete. Strict durability: what was said to be kept, is kept.
   * A full disk shows as an abort (QuotaExceededError): old history then makes room, if there is any, and `work` runs
   * again, as it does on a new handle when this one died. So it awaits nothing but the transaction, and may run twice.
   */
  write<T>(
    stores: StoreName[],
    work: (tx: WriteTransaction) => Promise<T>,
    whenFull: 'make-room' | 'fail' = 'make-room',
  ): Promise<T> {
    return this.#run(stores, 'readwrite', work, whenFull);
  }

  /** Nothing of it is on the device: nobody else sees it, and it ends with the page. */
  async isInMemory(): Promise<boolean> {
    return isMemory(await this.#open());
  }

  async close(): Promise<void> {
    const handle = await this.#handle;
    this.#handle = undefined;
    if (handle && !isMemory(handle)) handle.close();
  }

  /** Deletes everything of this person on this device. */
  async delete(): Promise<void> {
    const isOnDevice = !(this.#live && isMemory(this.#live));
    await this.close();
    if (isOnDevice) await deleteDB(this.#name);
  }

  get #name(): string {
    return `opentalk-${this.personId}`;
  }

  async #run<Mode extends 'readonly' | 'readwrite', T>(
    stores: StoreName[],
    mode: Mode,
    work: (tx: Transaction<Mode>) => Promise<T>,
    whenFull: 'make-room' | 'fail',
  ): Promise<T> {
    let mayReopen = true;
    for (;;) {
      if (isFrozen()) await untilThawed();
      const handle = await this.#open();
      if (isFrozen()) continue;
      if (isMemory(handle)) {
        return handle.run(stores, (tx) => work(tx as Transaction<Mode>));
      }
      try {
        const result = await whileOpen(handle, runOn(handle, stores, mode, work));
        endTrouble('broken');
        return result;
      } catch (error) {
        if (isFrozen()) continue; // ended for that, and done again after the thaw
        const isFull = nameOf(error) === 'QuotaExceededError';
        if (isFull && whenFull === 'make-room' && (await this.#makeRoom())) continue;
        if (isFull) tellTrouble('full');
        if (!isDeadHandle(error)) throw error;
        this.#drop(handle);
        if (!mayReopen) tellTrouble('broken');
        if (!mayReopen) throw error;
        mayReopen = false;
      }
    }
  }

  /** Several writes that fail at once make room once. */
  #makeRoom(): Promise<boolean> {
    this.#makingRoom ??= makeRoom(this).finally(() => {
      this.#makingRoom = undefined;
    });
    return this.#makingRoom;
  }

  #open(): Promise<Handle> {
    this.#handle ??= this.#openNew().catch((error: unknown) => {
      this.#handle = undefined;
      throw error;
    });
    return this.#handle;
  }

  async #openNew(): Promise<Handle> {
    // Whoever has let go for a newer version must not stand in its way again.
    if (isTooOld()) throw new DOMException('A newer version has the database.', 'VersionError');
    // Nor does a page or worker bring back, empty, what was deleted because its person left.
    if (this.#wasOpen && (await isLeft(this.personId))) {
      throw new Error('Its person has left this device.');
    }
    try {
      const handle = await openPatiently<Schema>(this.#name, migrations.length, {
        upgrade: (upgrading, oldVersion) => {
          if (oldVersion === 0 && this.#wasOpen) tellTrouble('cleared');
          for (const migrate of migrations.slice(oldVersion)) migrate(upgrading);
        },
        onLost: (why, lost) => this.#onLost(why, lost),
      });
      this.#wasOpen = true;
      this.#live = handle;
      return handle;
    } catch (error) {
      if (nameOf(error) === 'VersionError') tellTrouble('too-new');
      else {
        if (!this.#wasOpen && this.#options.inMemory) {
          console.error(error);
          const memory = openInMemory(this.#options.inMemory());
          this.#live = memory;
          return memory;
        }
        tellTrouble('broken');
      }
      throw error;
    }
  }

  #onLost(why: Loss, handle: IDBPDatabase<Schema> | undefined): void {
    if (why === 'updated') tellTrouble('updated');
    if (handle) this.#drop(handle);
    if (why === 'gone') this.#options.onGone?.();
  }

  /** Forgets a handle, unless a newer one has taken its place already. */
  #drop(handle: IDBPDatabase<Schema>): void {
    handle.close();
    if (this.#live === handle) this.#handle = undefined;
  }
}

async function isLeft(personId: string): Promise<boolean> {
  return (await readLeft().catch((): string[] => [])).includes(personId);
}

function isMemory(handle: Handle): handle is MemoryDatabase {
  return 'run' in handle;
}

function openInMemory(memory: MemoryDatabase): MemoryDatabase {
  tellTrouble('memory');
  for (const migrate of migrations) migrate(memory as unknown as IDBPDatabase<Schema>);
  return memory;
}

async function runOn<Mode extends 'readonly' | 'readwrite', T>(
  handle: IDBPDatabase<Schema>,
  stores: StoreName[],
  mode: Mode,
  work: (tx: Transaction<Mode>) => Promise<T>,
): Promise<T> {
  const tx = handle.transaction(stores, mode, { durability: 'strict' });
  endBeforeFreeze(tx);
  // Not awaited until the end, but an abort in between must not count as unhandled.
  const completed = tx.done.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  let result: T;
  try {
    // Used at once, without a turn in between: Safari ends a transaction that waits.
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
