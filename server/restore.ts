/**
 * `npm run restore -- FILE`: a backup in the place of the data, while no server runs.
 */
import { readDataDir, readDatabaseUrl } from './config.ts';
import { fileArgument, refuseWithPostgres, tell } from './copy-command.ts';
import { restoreBackup } from './store/sqlite-restore.ts';

await tell('restore', () => {
  refuseWithPostgres(
    readDatabaseUrl(process.env),
    'end all servers, make an empty database, and pg_restore --no-owner --dbname="$DATABASE_URL" FILE. ' +
      'The next start begins a new life, and every device brings back what it has and the dump has not.',
  );
  const backup = fileArgument('restore');
  const { file, kept, people, messages, lastAt } = restoreBackup(
    readDataDir(process.env),
    backup,
    new Date(),
  );
  return [
    `${file} is what ${backup} was: ${people} people, ${messages} messages${lastAt === null ? '' : `, the last of ${lastAt}`}.`,
    kept === undefined ? 'There was no data before.' : `The data before it is kept as ${kept}.`,
    'Start the server: every device will bring back what it has and the backup has not.',
  ];
});
