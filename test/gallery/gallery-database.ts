/**
 * The database of one state of the gallery: the app's own, kept in memory, so that nothing is left behind and every state
 * begins with what it was filled with. It also knows whether somebody is still reading, for settled.ts.
 */
import type { IDBPDatabase } from 'idb';
import { Database, type StoreName, type Transaction } from '../../client/store/database.ts';
import { MemoryDatabase } from '../../client/store/memory-database.ts';
import { migrations, type Schema } from '../../client/store/schema.ts';
import { me } from './people.ts';

/** As devices are: it answers, it does not answer yet, or it cannot be read. */
export type Health = 'well' | 'slow' | 'broken';

let running = 0;

export function isSomethingRead(): boolean {
  return running > 0;
}

export class GalleryDatabase extends Database {
  health: Health = 'well';
  readonly #memory = new MemoryDatabase();

  constructor() {
    super(me.id);
    for (const migrate of migrations) migrate(this.#memory as unknown as IDBPDatabase<Schema>);
  }

  override read<T>(stores: StoreName[], work: (tx: Transaction<'readonly'>) => Promise<T>): Promise<T> {
    if (this.health === 'slow') return new Promise(() => {});
    if (this.health === 'broken') return Promise.reject(new DOMException('Of the gallery.', 'UnknownError'));
    return this.#count(this.#memory.run(stores, (tx) => work(tx as Transaction<'readonly'>)));
  }

  override write<T>(stores: StoreName[], work: (tx: Transaction<'readwrite'>) => Promise<T>): Promise<T> {
    return this.#count(this.#memory.run(stores, (tx) => work(tx as Transaction<'readwrite'>)));
  }

  override isInMemory(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async #count<T>(work: Promise<T>): Promise<T> {
    running += 1;
    try {
      return await work;
    } finally {
      running -= 1;
    }
  }
}
