/** What backup and restore have in common at the command line: one file, sentences out, 1 when it did not work. */
import path from 'node:path';
import { CannotCopy } from './store/sqlite-copy.ts';

/** Does the work and says what came of it, or why nothing did. A bug is thrown on. */
export async function tell(name: string, work: () => string[] | Promise<string[]>): Promise<void> {
  try {
    console.info((await work()).join('\n'));
  } catch (error) {
    if (!(error instanceof CannotCopy)) throw error;
    console.error(`The ${name} was not done. ${error.message}`);
    process.exitCode = 1;
  }
}

/** The one argument, meant from where the person stands: npm itself goes to the project's folder. */
export function fileArgument(name: string): string {
  const [file, ...more] = process.argv.slice(2);
  if (file === undefined || file === '' || more.length > 0) {
    throw new CannotCopy(`Say which file: npm run ${name} -- FILE`);
  }
  return path.resolve(process.env['INIT_CWD'] ?? '.', file);
}

/** A copy of a database in PostgreSQL is PostgreSQL's own affair. */
export function refuseWithPostgres(databaseUrl: string | undefined, how: string): void {
  if (databaseUrl !== undefined)
    throw new CannotCopy(`The data is in PostgreSQL, which copies it itself: ${how}`);
}
