/**
 * The embedded store: SQLite behind two threads, one that writes and one that reads. The main thread never opens the
 * database, so it never waits for the disk.
 */
import path from 'node:path';
import type { EventStore } from './event-store.ts';
import { StoreThread } from './sqlite-thread.ts';

export { DataFolderInUse } from './sqlite-thread.ts';

export interface SqliteStoreOptions {
  /** An existing folder, used by this server alone. */
  dataDir: string;
  /** A thread has died. Nothing can be promised any more: end the process. */
  onFatal: (error: Error) => void;
}

export interface SqliteStore extends EventStore {
  /** How many times the disk was waited for: fewer than the calls that wrote, because those that meet share a commit. */
  readonly commits: number;
}

const written = ['signIn', 'signOut', 'append', 'recordReceipts', 'recordSeen', 'prune'] as const;
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
] as const;

type Calls = Omit<EventStore, 'epoch' | 'close'>;

/** Rejects with DataFolderInUse, or when the data is of a newer version. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const dataDir = path.resolve(options.dataDir);
  const writer = new StoreThread('./sqlite-writer.ts', dataDir, options.onFatal);
  const epoch = await writer.ready;
  const reader = new StoreThread('./sqlite-reader.ts', dataDir, options.onFatal);
  try {
    await reader.ready;
  } catch (error) {
    await writer.close();
    throw error;
  }
  const calls = Object.fromEntries([
    ...written.map((name) => [name, writer.call.bind(writer, name)]),
    ...readOnly.map((name) => [name, reader.call.bind(reader, name)]),
  ]) as unknown as Calls;
  return {
    ...calls,
    epoch,
    get commits() {
      return writer.batches;
    },
    async close() {
      // The reader first: the last connection to close is the one that tidies up the log.
      await reader.close();
      await writer.close();
    },
  };
}
