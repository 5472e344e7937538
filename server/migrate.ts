/**
 * `npm run migrate -- --to postgres` or `--to sqlite`: moves an installation from the one kind of store to the other, while
 * no server runs. DATA_DIR and DATABASE_URL say which two.
 */
import { parseArgs } from 'node:util';
import { isDatabaseUrl, readDataDir, readDatabaseUrl } from './config.ts';
import { tell } from './copy-command.ts';
import { moveData } from './store/move-data.ts';
import { openWholePostgres } from './store/postgres-whole.ts';
import { CannotCopy } from './store/sqlite-copy.ts';
import { openWholeSqlite } from './store/sqlite-whole.ts';
import type { WholeStore } from './store/whole-store.ts';

await tell('migration', async () => {
  const toPostgres = readTarget(process.argv.slice(2)) === 'postgres';
  const url = readDatabaseUrl(process.env);
  if (url === undefined || !isDatabaseUrl(url)) {
    throw new CannotCopy(
      'DATABASE_URL must say which database, as postgres://user:password@host:5432/database.',
    );
  }
  const open: WholeStore[] = [];
  try {
    const sqlite = openWholeSqlite(readDataDir(process.env), toPostgres);
    open.push(sqlite);
    const postgres = await openWholePostgres(url, !toPostgres);
    open.push(postgres);
    const [source, target] = toPostgres ? [sqlite, postgres] : [postgres, sqlite];
    const { counts, digests } = await moveData(source, target);
    return [
      `Moved from ${source.name} to ${target.name}:`,
      ...counts.map(([table, rows]) => `  ${table}: ${rows}`),
      `Every row was read back and is the same; the digests of ${digests} conversations agree with their texts.`,
      toPostgres
        ? 'Start the server with DATABASE_URL. The folder is as it was: do not start a server on it again.'
        : 'Start the server without DATABASE_URL. The database is as it was: do not start a server on it again.',
    ];
  } finally {
    for (const each of open) await each.close();
  }
});

function readTarget(args: string[]): 'postgres' | 'sqlite' {
  try {
    const { to } = parseArgs({ args, options: { to: { type: 'string' } } }).values;
    if (to === 'postgres' || to === 'sqlite') return to;
  } catch {
    // Said below.
  }
  throw new CannotCopy('Say where to: npm run migrate -- --to postgres, or --to sqlite.');
}
