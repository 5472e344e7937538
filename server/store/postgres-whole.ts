/** The store on PostgreSQL as a whole; see whole-store.ts. No node may run on it. */
import { connect, type Connection } from './postgres-connection.ts';
import { ConnectionLost, UnfitDatabase } from './postgres-failure.ts';
import { holdAlone, latestVersion, migrate, schemaVersion } from './postgres-schema.ts';
import { CannotCopy } from './sqlite-copy.ts';
import { lifeColumns, pageSql, tables, type Row, type WholeStore } from './whole-store.ts';

/** Throws CannotCopy, whose sentence is for the operator. `isSource`: it must have data of ours. */
export async function openWholePostgres(url: string, isSource: boolean): Promise<WholeStore> {
  const db = await connectAlone(url);
  try {
    if (isSource) await refuseOtherVersion(db);
    else await migrate(db);
    await db.exec('BEGIN ISOLATION LEVEL REPEATABLE READ');
  } catch (error) {
    await db.end();
    throw error instanceof UnfitDatabase ? new CannotCopy(error.message, { cause: error }) : error;
  }

  return {
    name: nameOf(url),
    isEmpty: async () => (await db.get('SELECT 1 FROM person LIMIT 1')) === undefined,
    life: async () => (await db.get<Row>(`SELECT ${lifeColumns.join(', ')} FROM life`))!,
    async setLife(life) {
      await db.run(
        // Another number than any node has seen: whoever hides something is to be asked for anew.
        `UPDATE life SET discretion = discretion + 1,
          ${lifeColumns.map((name, index) => `${name} = $${index + 1}`).join(', ')}`,
        ...lifeColumns.map((name) => life[name]),
      );
    },
    async columns(table) {
      const rows = await db.all<{ name: string }>(
        `SELECT attname AS name FROM pg_attribute
         WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
        table,
      );
      return rows.map(({ name }) => name);
    },
    page: (table, columns, after) =>
      db.all<Row>(pageSql(table, columns, !after), ...(after ? table.key.map((name) => after[name]) : [])),
    async put(table, columns, rows) {
      const names = columns.join(', ');
      await db.run(
        `INSERT INTO ${table} (${names}) SELECT ${names} FROM json_populate_recordset(NULL::${table}, $1)`,
        JSON.stringify(rows),
      );
    },
    async commit() {
      for (const { name, key } of tables) {
        if (key[0] !== 'n') continue;
        // What is numbered from now on comes behind all that is there.
        await db.all(
          `SELECT setval(pg_get_serial_sequence('${name}', 'n'), max(n)) FROM ${name} HAVING max(n) > 0`,
        );
      }
      const done = await db.exec('COMMIT');
      if (done !== 'COMMIT') throw new Error(`The transaction ended with ${done}.`);
      await db.exec('ANALYZE');
    },
    close: () => db.end(),
  };
}

/** A connection for a command that nobody may be disturbed by, nor disturb. */
export async function connectAlone(url: string): Promise<Connection> {
  const db = await connectForCommand(url);
  if (await holdAlone(db)) return db;
  await db.end();
  throw new CannotCopy(`A server is running on ${nameOf(url)}; end it first.`);
}

export async function connectForCommand(url: string): Promise<Connection> {
  try {
    return await connect(url);
  } catch (error) {
    if (!(error instanceof ConnectionLost || error instanceof UnfitDatabase)) throw error;
    throw new CannotCopy(`${nameOf(url)} cannot be opened: ${error.message}.`, { cause: error });
  }
}

export async function refuseOtherVersion(db: Connection): Promise<void> {
  const version = await schemaVersion(db);
  if (version === latestVersion) return;
  if (version === 0) throw new CannotCopy('There is no data of OpenTalk in the database.');
  throw new CannotCopy(
    version > latestVersion
      ? 'The database is of a newer version of OpenTalk; use that one.'
      : 'The database is of an older version: start the server of this one once.',
  );
}

/** Without its password. */
function nameOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `the database ${pathname.slice(1)} at ${host}`;
}
