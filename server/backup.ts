/**
 * `npm run backup -- FILE`: a copy of the data, also while the server runs.
 */
import { readDataDir, readDatabaseUrl } from './config.ts';
import { fileArgument, refuseWithPostgres, tell } from './copy-command.ts';
import { takeBackup } from './store/sqlite-backup.ts';

await tell('backup', () => {
  refuseWithPostgres(readDatabaseUrl(process.env), 'pg_dump --format=custom --file=FILE "$DATABASE_URL".');
  const { file, people, messages } = takeBackup(readDataDir(process.env), fileArgument('backup'));
  return [`The backup is ${file}: ${people} people, ${messages} messages.`];
});
