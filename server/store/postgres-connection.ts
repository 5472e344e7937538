/**
 * One connection to PostgreSQL, as the store needs it: safe numbers, a commit that is on disk, plans by index, limits to
 * waiting. What is asked at once is sent at once, and answered in order.
 */
import { Client, DatabaseError, types, type QueryConfig, type QueryResult } from 'pg';
import { ConnectionLost, UnfitDatabase } from './postgres-failure.ts';

/** Asking: all rows, the first, or how many were changed. */
export interface Db {
  all<Row = Record<string, unknown>>(sql: string, ...values: unknown[]): Promise<Row[]>;
  get<Row = Record<string, unknown>>(sql: string, ...values: unknown[]): Promise<Row | undefined>;
  run(sql: string, ...values: unknown[]): Promise<number>;
}

export interface Connection extends Db {
  /** Statements without values; answers what the last of them was. */
  exec(sql: string): Promise<string>;
  readonly isLost: boolean;
  end(): Promise<void>;
}

/** Longer than anything takes that is not stuck. */
const mostMs = 30_000;

/**
 * Commits wait for the disk here whatever the database's own setting is, unless that asks for even more. Without
 * statistics the planner would read a small table whole, and go on so when it has grown: each question has its index. What
 * costs nothing in truth then seems to cost very much, and is not to be compiled for that.
 */
const session = `
  SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');
  SET enable_seqscan = off;
  SET enable_mergejoin = off;
  SET jit = off;
  SET statement_timeout = ${mostMs};
  SET lock_timeout = ${mostMs / 2};
  SET idle_in_transaction_session_timeout = ${mostMs / 2};`;

export async function connect(url: string): Promise<Connection> {
  const client = new Client({
    connectionString: url,
    application_name: 'opentalk',
    connectionTimeoutMillis: 5_000,
    // A network that fell silent is no answer either.
    query_timeout: mostMs + 5_000,
    keepAlive: true,
    pipeline: true,
    types: { getTypeParser },
  });
  let isLost = false;
  client.on('error', () => (isLost = true));
  client.on('end', () => (isLost = true));

  async function ask(query: string | QueryConfig): Promise<QueryResult> {
    try {
      return await client.query(query);
    } catch (error) {
      // After a FATAL one there is no connection any more, and no answer either to what was under way.
      if (error instanceof DatabaseError && error.severity !== 'FATAL') throw error;
      isLost = true;
      throw lost(error);
    }
  }
  const named = (sql: string, values: unknown[]) =>
    ask({ name: nameOf(sql), text: sql, values: values.map(storable) });

  try {
    await client.connect();
  } catch (error) {
    if (error instanceof DatabaseError && isOfTheSettings(error)) {
      throw new UnfitDatabase(`PostgreSQL does not let us in: ${error.message}.`, { cause: error });
    }
    if (error instanceof DatabaseError) throw error;
    throw lost(error);
  }
  const connection: Connection = {
    all: async <Row>(sql: string, ...values: unknown[]) => (await named(sql, values)).rows as Row[],
    get: async <Row>(sql: string, ...values: unknown[]) =>
      (await named(sql, values)).rows[0] as Row | undefined,
    run: async (sql, ...values) => (await named(sql, values)).rowCount ?? 0,
    async exec(sql) {
      const result = (await ask(sql)) as QueryResult | QueryResult[];
      return [result].flat().at(-1)?.command ?? '';
    },
    get isLost() {
      return isLost;
    },
    async end() {
      isLost = true;
      await client.end().catch(() => undefined);
    },
  };
  try {
    await connection.exec(session);
    await refuseToOnlyRead(connection);
  } catch (error) {
    await connection.end();
    throw error;
  }
  return connection;
}

/** A standby knows everything and takes nothing: who was sent there waits until the address leads to the primary. */
async function refuseToOnlyRead(db: Db): Promise<void> {
  const { mode } = (await db.get<{ mode: string }>(
    "SELECT current_setting('transaction_read_only') AS mode",
  ))!;
  if (mode === 'on') throw new ConnectionLost('the database can only be read; it is no primary');
}

/** A wrong password, a database or role that is not there: nothing that passes. */
function isOfTheSettings({ code = '' }: DatabaseError): boolean {
  return code.startsWith('28') || code === '3D000';
}

function lost(error: unknown): ConnectionLost {
  const found = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return new ConnectionLost(found instanceof Error ? found.message : String(found), { cause: error });
}

/** The type bigint, by its number. */
const int8 = 20;
const parserOf = types.getTypeParser as (oid: number, format: string) => never;

/** bigint comes as text, because not every one is a safe number; of ours each is. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid !== int8) return parserOf(oid, format ?? 'text');
  return ((text: string) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new Error(`The number ${text} is too large.`);
    return value;
  }) as never;
}

const names = new Map<string, string>();

/** The same question is prepared once for a connection. */
function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) names.set(sql, (name = `q${names.size}`));
  return name;
}

/** PostgreSQL knows no NUL in texts. Nothing that is stored has one, so that what has one is found nowhere. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\ufffd');
  return Array.isArray(value) ? value.map(storable) : value;
}
