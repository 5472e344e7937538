/**
 * A database that lives as long as the page: for a device that lets nothing be stored (private windows, a broken disk).
 *
 * It knows as much of IndexedDB as the store functions use, and learns its stores from the same migrations. Transactions
 * run one after the other, each on a copy that replaces what was there only if the work succeeds.
 */

type Key = IDBValidKey;
type Row = Record<string, unknown>;
type KeyPath = string | string[];
type Range = Key | IDBKeyRange | null | undefined;

interface Entry {
  key: Key;
  primaryKey: Key;
  value: unknown;
}

interface IndexOptions {
  name: string;
  keyPath: KeyPath;
  unique?: boolean;
}

interface Data {
  keyPath?: KeyPath;
  autoIncrement?: boolean;
  indexes: IndexOptions[];
  rows: Map<string, { key: Key; value: unknown }>;
  nextKey: number;
}

class Source {
  readonly data: Data;
  readonly #keyOf: (row: { key: Key; value: unknown }) => Key | undefined;

  constructor(data: Data, keyPath?: KeyPath) {
    this.data = data;
    this.#keyOf = keyPath === undefined ? ({ key }) => key : ({ value }) => keyAt(value, keyPath);
  }

  entries(wanted?: Range): Entry[] {
    const fits = matcher(wanted);
    const found: Entry[] = [];
    for (const row of this.data.rows.values()) {
      const key = this.#keyOf(row);
      if (key !== undefined && fits(key)) found.push({ key, primaryKey: row.key, value: row.value });
    }
    return found.toSorted((a, b) => indexedDB.cmp(a.key, b.key) || indexedDB.cmp(a.primaryKey, b.primaryKey));
  }

  async get(wanted: Range): Promise<unknown> {
    return structuredClone(this.entries(wanted)[0]?.value);
  }

  async getKey(wanted: Range): Promise<Key | undefined> {
    return this.entries(wanted)[0]?.primaryKey;
  }

  async getAll(wanted?: Range, count?: number): Promise<unknown[]> {
    return this.entries(wanted)
      .slice(0, count)
      .map(({ value }) => structuredClone(value));
  }

  async getAllKeys(wanted?: Range, count?: number): Promise<Key[]> {
    return this.entries(wanted)
      .slice(0, count)
      .map(({ primaryKey }) => primaryKey);
  }

  async count(wanted?: Range): Promise<number> {
    return this.entries(wanted).length;
  }

  async openCursor(wanted?: Range, direction = 'next'): Promise<Cursor | null> {
    const entries = this.entries(wanted);
    return cursorAt(this.data, direction.startsWith('prev') ? entries.toReversed() : entries, 0);
  }

  openKeyCursor(wanted?: Range, direction?: string): Promise<Cursor | null> {
    return this.openCursor(wanted, direction);
  }
}

class Store extends Source {
  index(wanted: string): Source {
    return new Source(this.data, this.data.indexes.find(({ name }) => name === wanted)!.keyPath);
  }

  createIndex(name: string, keyPath: KeyPath, options: { unique?: boolean } = {}): void {
    this.data.indexes.push({ name, keyPath, ...options });
  }

  async add(value: unknown, outOfLine?: Key): Promise<Key> {
    return this.#store(value, outOfLine, true);
  }

  async put(value: unknown, outOfLine?: Key): Promise<Key> {
    return this.#store(value, outOfLine, false);
  }

  async delete(wanted: Range): Promise<void> {
    for (const { primaryKey } of this.entries(wanted)) this.data.rows.delete(JSON.stringify(primaryKey));
  }

  async clear(): Promise<void> {
    this.data.rows.clear();
  }

  #store(given: unknown, outOfLine: Key | undefined, mustBeNew: boolean): Key {
    const { data } = this;
    const value = structuredClone(given) as Row;
    let key = data.keyPath === undefined ? outOfLine : keyAt(value, data.keyPath);
    if (key === undefined && data.autoIncrement) {
      key = data.nextKey;
      if (typeof data.keyPath === 'string') value[data.keyPath] = key;
    }
    if (key === undefined) throw new DOMException('The row has no key.', 'DataError');
    const name = JSON.stringify(key);
    const clashes = data.indexes.some(
      ({ keyPath, unique }) =>
        unique &&
        new Source(data, keyPath)
          .entries(keyAt(value, keyPath))
          .some((other) => JSON.stringify(other.primaryKey) !== name),
    );
    if (clashes || (mustBeNew && data.rows.has(name))) {
      throw new DOMException('The row is there already.', 'ConstraintError');
    }
    if (typeof key === 'number') data.nextKey = Math.max(data.nextKey, Math.floor(key) + 1);
    data.rows.set(name, { key, value });
    return key;
  }
}

interface Cursor extends Entry {
  continue(): Promise<Cursor | null>;
  update(value: unknown): Promise<Key>;
  delete(): Promise<void>;
}

function cursorAt(data: Data, entries: Entry[], at: number): Cursor | null {
  const entry = entries[at];
  if (!entry) return null;
  const store = new Store(data);
  return {
    ...entry,
    value: structuredClone(entry.value),
    continue: async () => cursorAt(data, entries, at + 1),
    update: (value) => store.put(value, data.keyPath === undefined ? entry.primaryKey : undefined),
    delete: () => store.delete(entry.primaryKey),
  };
}

export class MemoryDatabase {
  readonly #stores = new Map<string, Data>();
  #last: Promise<unknown> = Promise.resolve();

  createObjectStore(name: string, options: Pick<Data, 'keyPath' | 'autoIncrement'> = {}): Store {
    const data: Data = { ...options, indexes: [], rows: new Map(), nextKey: 1 };
    this.#stores.set(name, data);
    return new Store(data);
  }

  objectStore(name: string): Store {
    return new Store(this.#stores.get(name)!);
  }

  /** Runs `work` after whatever runs now; what it wrote counts only if it succeeds. */
  run<T>(names: readonly string[], work: (tx: unknown) => Promise<T>): Promise<T> {
    const run = this.#last.then(async () => {
      const copies = new Map(
        names.map((name) => {
          const data = this.#stores.get(name)!;
          return [name, { ...data, rows: new Map(data.rows) }];
        }),
      );
      const result = await work({ objectStore: (name: string) => new Store(copies.get(name)!) });
      for (const [name, data] of copies) this.#stores.set(name, data);
      return result;
    });
    this.#last = run.catch(() => undefined);
    return run;
  }
}

function keyAt(value: unknown, keyPath: KeyPath): Key | undefined {
  const row = value as Row;
  if (typeof keyPath === 'string') return row[keyPath] as Key | undefined;
  const parts = keyPath.map((name) => row[name] as Key | undefined);
  return parts.includes(undefined) ? undefined : (parts as Key[]);
}

function matcher(wanted: Range): (key: Key) => boolean {
  if (wanted === undefined || wanted === null) return () => true;
  if (wanted instanceof IDBKeyRange) return (key) => wanted.includes(key);
  return (key) => indexedDB.cmp(key, wanted) === 0;
}
