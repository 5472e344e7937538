/**
 * The embedded store: SQLite behind two threads, one that writes and one that reads. The main thread never opens the
 * database, so it never waits for the disk.
 */
import path from 'node:path';
import { checkDatabase, endedWithoutOrder, type Finding } from './check-database.ts';
import { heedDamageNote, noteDamage } from './damage-note.ts';
import type { EventStore } from './event-store.ts';
import { DamagedDatabase } from './sqlite-failure.ts';
import { StoreThread } from './sqlite-thread.ts';
import type { StorageNotice } from './storage-watch.ts';

export { DataFolderInUse } from './sqlite-thread.ts';

export interface SqliteStoreOptions {
  /** An existing folder, used by this server alone. */
  dataDir: string;
  /** A thread has died, or the database is damaged. Nothing can be promised any more: end the process. */
  onFatal: (error: Error) => void;
  /** What the operator is to hear. */
  onNotice?: (notice: StorageNotice) => void;
}

export interface SqliteStore extends EventStore {
  /** How many times the disk was waited for: fewer than the calls that wrote, because those that meet share a commit. */
  readonly commits: number;
}

const written = [
  'signIn',
  'signOut',
  'endDevices',
  'recordUse',
  'sweepNicks',
  'deletePerson',
  'erase',
  'append',
  'recordReceipts',
  'recordSeen',
  'prune',
  'setPeer',
  'setPrivacy',
  'addReport',
] as const;
const readOnly = [
  'personOfSession',
  'devices',
  'conversations',
  'messagesAfter',
  'person',
  'personOfNick',
  'people',
  'head',
  'readInbox',
  'history',
  'stretch',
  'snapshot',
  'peers',
  'wouldBeFirst',
  'discretion',
  'bans',
] as const;

type Calls = Omit<EventStore, 'epoch' | 'close'>;

/** Rejects with DataFolderInUse, DamagedDatabase, or when the data is of a newer version. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const dataDir = path.resolve(options.dataDir);
  const { onNotice = () => undefined } = options;
  heedDamageNote(dataDir);
  let check: { stop: () => void } | undefined;
  const isSuspect = endedWithoutOrder(dataDir);
  const reports = { onFatal: fail, onNotice };
  const writer = new StoreThread('./sqlite-writer.ts', dataDir, reports);
  const epoch = await writer.ready;
  const reader = new StoreThread('./sqlite-reader.ts', dataDir, reports);
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
  if (isSuspect) {
    onNotice({ kind: 'checking' });
    check = checkDatabase(dataDir, heed);
  }

  function heed(finding: Finding): void {
    switch (finding.kind) {
      case 'sound':
        return onNotice(finding);
      case 'unchecked':
        return onNotice({ kind: 'unchecked', why: finding.found });
      case 'damaged':
        fail(new DamagedDatabase(dataDir, finding.found));
    }
  }

  function fail(error: Error): void {
    check?.stop();
    try {
      if (error instanceof DamagedDatabase) noteDamage(dataDir, error);
    } finally {
      options.onFatal(error);
    }
  }

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
      // Not before: a database that a check has open keeps its log, and so the next start looks it over again.
      check?.stop();
    },
  };
}
