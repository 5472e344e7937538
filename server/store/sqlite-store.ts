/**
 * The embedded store: SQLite behind two threads, one that writes and one that reads. The main thread never opens the
 * database, so it never waits for the disk.
 */
import path from 'node:path';
import { checkDatabase, endedWithoutOrder, type Finding } from './check-database.ts';
import { heedDamageNote, noteDamage } from './damage-note.ts';
import type { EventStore, InboxPage } from './event-store.ts';
import { FramedPage, type PlainPage } from './framed-page.ts';
import { RecentEvents, type WrittenEvent } from './recent-events.ts';
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

/** What a call answers that puts something into inboxes. */
interface News {
  inboxes: readonly string[];
  written?: readonly WrittenEvent[];
}

type Reset = Extract<InboxPage, { kind: 'reset' }>;

function isNews(answer: unknown): answer is News {
  return typeof answer === 'object' && answer !== null && 'inboxes' in answer;
}

const takesTextsAway: ReadonlySet<(typeof written)[number]> = new Set(['erase', 'deletePerson', 'prune']);

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
  const recent = new RecentEvents(epoch);
  const calls = Object.fromEntries([
    ...written.map((name) => [name, (...parameters: unknown[]) => write(name, parameters)]),
    ...readOnly.map((name) => [name, reader.call.bind(reader, name)]),
  ]) as unknown as Calls;
  if (isSuspect) {
    onNotice({ kind: 'checking' });
    check = checkDatabase(dataDir, heed);
  }

  async function write(name: (typeof written)[number], parameters: unknown[]): Promise<unknown> {
    const answer = await writer.call(name, ...parameters);
    if (takesTextsAway.has(name)) recent.forgetAll();
    if (!isNews(answer)) return answer;
    // Whoever gets the answer signals: the news has to be known before.
    const { written: events, ...rest } = answer;
    if (events) recent.hear(events);
    else for (const personId of rest.inboxes) recent.forget(personId);
    return rest;
  }

  async function readInbox(personId: string, after: string, limit: number): Promise<InboxPage> {
    const known = recent.after(personId, after, limit);
    if (known) return known;
    const read = (await reader.call('readInbox', personId, after, limit)) as PlainPage | Reset;
    if (read.kind === 'reset') return read;
    const page = new FramedPage(read);
    // Not the inboxes in which nothing happens: of those there are many.
    if (page.frames !== '' && !page.more) recent.follow(personId, page.cursor);
    return page;
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
    readInbox,
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
