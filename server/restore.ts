/**
 * `npm run restore -- FILE`: a backup in the place of the data, while no server runs.
 */
import { fileArgument, tell } from './copy-command.ts';
import { readDataDir } from './config.ts';
import { restoreBackup } from './store/sqlite-restore.ts';

tell('restore', () => {
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
