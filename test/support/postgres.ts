/**
 * Databases in a PostgreSQL that runs: each test makes its own, and drops it. Where no server answers the tests say so and
 * are left out; on CI they fail.
 */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

const server = process.env['TEST_POSTGRES_URL'] || 'postgres://postgres@127.0.0.1:5432/postgres';

/** Why the tests cannot run here; false if they can. For the `skip` of a test. */
export const withoutPostgres: string | false = await askPostgres(server, 'SELECT 1').then(
  () => false,
  (error: unknown) => {
    if (process.env['CI']) throw error;
    return `no PostgreSQL answers at ${new URL(server).host}`;
  },
);

export interface TestDatabase {
  url: string;
  query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

export async function createDatabase(options = ''): Promise<TestDatabase> {
  const name = `opentalk_test_${randomBytes(6).toString('hex')}`;
  await askPostgres(server, `CREATE DATABASE ${name} ${options}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: (sql, values) => askPostgres(url.href, sql, values),
    async drop() {
      await askPostgres(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** With it, what tests the SQLite store tries this one. */
export const isOnPostgres = process.env['TEST_STORE'] === 'postgres';
const databases = new Map<string, TestDatabase>();

/** What then stands in for a data folder, the same each time. */
export async function databaseFor(dataDir: string): Promise<TestDatabase | undefined> {
  if (isOnPostgres && !databases.has(dataDir)) databases.set(dataDir, await createDatabase());
  return databases.get(dataDir);
}

export async function dropDatabaseFor(dataDir: string): Promise<void> {
  await databases.get(dataDir)?.drop();
  databases.delete(dataDir);
}

export async function askPostgres(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
