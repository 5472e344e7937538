/**
 * How the tables in PostgreSQL are made, and how older ones become newer. Migrations are only ever appended; those that are due run in
 * one transaction, by one node at a time.
 */
import { randomBytes } from 'node:crypto';
import type { Connection, Db } from './postgres-connection.ts';
import { UnfitDatabase } from './postgres-failure.ts';
import { firstTables } from './postgres-tables.ts';

const migrations: string[] = [firstTables];

/** Numbers of our advisory locks. */
const locks = { schema: 7_236_541, inUse: 7_236_542 } as const;

/**
 * Brings the tables up to date, and answers the epoch. Data that came here as a dump begins another life: what was
 * answered after the dump was made is not in it.
 */
export async function migrate(db: Connection): Promise<string> {
  const { encoding } = (await db.get<{ encoding: string }>(
    "SELECT current_setting('server_encoding') AS encoding",
  ))!;
  if (encoding !== 'UTF8') {
    throw new UnfitDatabase(
      `The database's encoding is ${encoding}, and it must be UTF8: createdb --encoding=UTF8 --template=template0.`,
    );
  }
  return inTransaction(db, async () => {
    await db.all('SELECT pg_advisory_xact_lock($1)', locks.schema);
    const version = await schemaVersion(db);
    if (version > migrations.length) throw new UnfitDatabase(newer);
    for (const migration of migrations.slice(version)) await db.exec(migration);
    if (version < migrations.length) {
      await db.run('UPDATE schema_version SET version = $1', migrations.length);
    }
    const { home } = (await db.get<{ home: string }>(`
      SELECT concat_ws('.', system_identifier, d.oid, 'life'::regclass::oid) AS home
      FROM pg_control_system(), pg_database d WHERE d.datname = current_database()`))!;
    if (version === 0) await db.run('INSERT INTO life (epoch, home) VALUES ($1, $2)', newEpoch(), home);
    else await db.run('UPDATE life SET epoch = $1, home = $2 WHERE home <> $2', newEpoch(), home);
    return readEpoch(db);
  });
}

const newer =
  'The database was made by a newer version of OpenTalk; start that one, or use another database.';

/** 0 where there are no tables of ours. */
export async function schemaVersion(db: Db): Promise<number> {
  const { has } = (await db.get<{ has: boolean }>(
    "SELECT to_regclass('schema_version') IS NOT NULL AS has",
  ))!;
  if (!has) return 0;
  return (await db.get<{ version: number }>('SELECT version FROM schema_version'))!.version;
}

export const latestVersion = migrations.length;

export async function readEpoch(db: Db): Promise<string> {
  return (await db.get<{ epoch: string }>('SELECT epoch FROM life'))!.epoch;
}

/** Begins another life of the data: no cursor of an earlier one is good here. No node may be running. */
export async function beginLife(db: Db): Promise<void> {
  await db.run('UPDATE life SET epoch = $1', newEpoch());
}

/** Kept by each node for as long as its connection lives; who needs the data alone waits for nobody, and is refused. */
export async function holdWithOthers(db: Db): Promise<boolean> {
  const held = await db.get<{ ok: boolean }>('SELECT pg_try_advisory_lock_shared($1) AS ok', locks.inUse);
  return held!.ok;
}

export async function holdAlone(db: Db): Promise<boolean> {
  return (await db.get<{ ok: boolean }>('SELECT pg_try_advisory_lock($1) AS ok', locks.inUse))!.ok;
}

export async function inTransaction<T>(db: Connection, work: () => Promise<T>): Promise<T> {
  await db.exec('BEGIN');
  try {
    const result = await work();
    await db.exec('COMMIT');
    return result;
  } catch (error) {
    if (!db.isLost) await db.exec('ROLLBACK');
    throw error;
  }
}

function newEpoch(): string {
  return BigInt(`0x${randomBytes(8).toString('hex')}`)
    .toString(36)
    .slice(0, 12);
}
