/**
 * `npm run backup -- FILE`: a copy of the data, also while the server runs.
 */
import { fileArgument, tell } from './copy-command.ts';
import { readDataDir } from './config.ts';
import { takeBackup } from './store/sqlite-backup.ts';

tell('backup', () => {
  const { file, people, messages } = takeBackup(readDataDir(process.env), fileArgument('backup'));
  return [`The backup is ${file}: ${people} people, ${messages} messages.`];
});
