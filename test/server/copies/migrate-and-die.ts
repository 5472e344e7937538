/**
 * A process that brings a database up to date, and kills itself when SQLite looks at the given one of all that is to be
 * done: FILE and the number in; out comes how many there are, if it lives.
 */
import { DatabaseSync, constants } from 'node:sqlite';
import { migrate } from '../../../server/store/sqlite-schema.ts';

const [file, fatal] = process.argv.slice(2);
const db = new DatabaseSync(file!);
db.exec(
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_spill = 1; PRAGMA cache_size = 1',
);
let count = 0;
db.setAuthorizer(() => {
  count += 1;
  if (count === Number(fatal)) process.kill(process.pid, 'SIGKILL');
  return constants.SQLITE_OK;
});
migrate(db);
console.log(count);
