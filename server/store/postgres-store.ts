/**
 * The store on PostgreSQL, which several nodes share. One connection writes, some read; what PostgreSQL refuses for a
 * while is told to devices as something to wait for, and comes back by itself.
 */
import type { EventStore, StorageFull } from './event-store.ts';
import { GroupCommit } from './postgres-commit.ts';
import { connect, type Connection } from './postgres-connection.ts';
import { ConnectionLost, UnfitDatabase } from './postgres-failure.ts';
import { Readers, several, severalWithEpoch, single, withEpoch } from './postgres-reader.ts';
import { holdWithOthers, latestVersion, migrate, readEpoch, schemaVersion } from './postgres-schema.ts';
import { work, written } from './postgres-writer.ts';
import type { SharedStore } from './shared-store.ts';
import type { StorageNotice } from './storage-watch.ts';

export interface PostgresStoreOptions {
  /** postgres://user:password@host:port/database, an existing one. */
  url: string;
  /** The data became other data while we had no connection. Nothing can be promised any more: end the process. */
  onFatal: (error: Error) => void;
  onNotice?: (notice: StorageNotice) => void;
  random?: () => number;
}

export interface PostgresStore extends SharedStore {
  /** How many transactions were committed. */
  readonly commits: number;
}

type Calls = Omit<PostgresStore, 'epoch' | 'commits' | 'close'>;

/** Rejects with UnfitDatabase, whose sentence is for the operator, or when PostgreSQL cannot be reached. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { url, onNotice = () => undefined, random = Math.random } = options;
  const first = await connectSayingWhy(url);
  let epoch: string;
  try {
    await holdOrRefuse(first);
    await refuseUnsafe(first);
    epoch = await migrate(first);
  } catch (error) {
    await first.end();
    throw error;
  }
  const writer = new GroupCommit(
    {
      connect: connectAgain,
      work: (db, calls) => work(db, epoch, calls),
      onOutcome: createWatch(onNotice),
      random,
    },
    first,
  );
  const readers = new Readers(connectAgain);

  /** While nobody was connected the data may have been put back, or taken on by a newer version. */
  async function connectAgain(): Promise<Connection> {
    const db = await connect(url);
    try {
      await holdOrRefuse(db);
      if ((await readEpoch(db)) !== epoch) {
        throw new UnfitDatabase('the database began another life while this server ran; start it again.');
      }
      if ((await schemaVersion(db)) !== latestVersion) {
        throw new UnfitDatabase('the database is now that of another version of OpenTalk; start that one.');
      }
      return db;
    } catch (error) {
      await db.end();
      if (error instanceof UnfitDatabase) options.onFatal(error);
      throw error;
    }
  }

  const asked = (questions: object, isSeveral: boolean, first_: readonly unknown[]) =>
    Object.entries(questions).map(([name, question]) => [
      name,
      (...parameters: unknown[]) => readers.ask(question, isSeveral, [...first_, ...parameters]),
    ]);
  const calls = Object.fromEntries([
    ...written.map((name) => [name, writer.call.bind(writer, name)]),
    ...asked(single, false, []),
    ...asked(several, true, []),
    ...asked(withEpoch, false, [epoch]),
    ...asked(severalWithEpoch, true, [epoch]),
  ]) as unknown as Calls;

  return {
    ...calls,
    epoch,
    get commits() {
      return writer.commits;
    },
    async close() {
      await writer.close();
      await readers.close();
    },
  } satisfies EventStore & PostgresStore;
}

async function connectSayingWhy(url: string): Promise<Connection> {
  try {
    return await connect(url);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    throw new Error(`the database of DATABASE_URL cannot be reached: ${error.message}.`, { cause: error });
  }
}

async function holdOrRefuse(db: Connection): Promise<void> {
  if (!(await holdWithOthers(db))) {
    throw new ConnectionLost('a command works on the database at this moment');
  }
}

/** What is answered must be on disk: a server that does not sync promises nothing. */
async function refuseUnsafe(db: Connection): Promise<void> {
  const { fsync, commit } = (await db.get<{ fsync: string; commit: string }>(
    "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit",
  ))!;
  if (fsync !== 'on') throw new UnfitDatabase('PostgreSQL runs with fsync = off, and would lose messages.');
  if (commit === 'off' || commit === 'local') {
    throw new UnfitDatabase(`PostgreSQL keeps synchronous_commit at ${commit}, and would lose messages.`);
  }
}

/** Told once when nothing is accepted any more, and once when it is over. */
function createWatch(tell: (notice: StorageNotice) => void): (fault: Error | undefined) => void {
  let trouble: StorageNotice['kind'] | undefined;
  return (fault) => {
    if (!fault && trouble === undefined) return;
    const kind = !fault ? 'accepting' : isFull(fault) ? 'full' : 'away';
    if (kind === trouble) return;
    trouble = kind === 'accepting' ? undefined : kind;
    tell(kind === 'away' ? { kind, why: fault!.message } : { kind });
  };
}

function isFull(fault: Error): fault is StorageFull {
  return fault.name === 'StorageFull';
}
