/** A data folder with as many messages as asked for, made by the store's own statements without waiting for the disk. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createAppend } from '../../../server/store/sqlite-append.ts';
import { commitTogether } from '../../../server/store/sqlite-commit.ts';
import { createInbox } from '../../../server/store/sqlite-inbox.ts';
import { migrate } from '../../../server/store/sqlite-schema.ts';
import { createSignIn } from '../../../server/store/sqlite-sign-in.ts';

export const usualText = 'A message as people write it, of usual length.';
const draftsPerRequest = 50;
const requestsPerCommit = 200;

/** The persons, each of whom has written to the next. The messages come in steps of 10,000. */
export function fillFolder(
  dataDir: string,
  persons: number,
  messages: number,
): { id: string; nick: string }[] {
  const db = new DatabaseSync(path.join(dataDir, 'opentalk.db'));
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -262144',
  );
  migrate(db);
  const at = new Date().toISOString();
  const { signIn } = createSignIn(db);
  const append = createAppend(db, createInbox(db));
  const everybody = Array.from({ length: persons }, (_, n) => {
    const outcome = signIn({ nick: `person${n}`, tokenHash: `hash${n}`, at });
    if (outcome.kind !== 'signed-in') throw new Error('The folder is not empty.');
    return outcome.me;
  });
  for (let sent = 0; sent < messages; sent += draftsPerRequest * requestsPerCommit) {
    const batch = Array.from({ length: requestsPerCommit }, (_, n) => {
      const from = (sent / draftsPerRequest + n) % persons;
      const to = everybody[(from + 1) % persons]!.nick;
      const drafts = Array.from({ length: draftsPerRequest }, () => ({
        id: randomUUID(),
        to,
        text: usualText,
        composedAt: at,
      }));
      return { name: 'append', parameters: [everybody[from]!.id, drafts, at] };
    });
    commitTogether(db, ({ parameters }) => append(...(parameters as Parameters<typeof append>)), batch);
  }
  db.close();
  return everybody;
}
