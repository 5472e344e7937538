/** What is in a database file, as far as promises can be judged by it; read straight from the file. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The ids of all messages. Fails unless the file is sound, and neither a conversation nor an inbox has a gap. */
export function soundMessages(file: string): Set<string> {
  const db = new DatabaseSync(file, { readOnly: true });
  const all = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  assert.deepEqual(all('PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  const gaps = {
    conversations: all(`
      SELECT c.n FROM conversation c LEFT JOIN message m ON m.conversation = c.n
      GROUP BY c.n HAVING count(m.seq) <> c.last_seq OR max(m.seq) <> c.last_seq`),
    inboxes: all(`
      SELECT p.n FROM person p LEFT JOIN inbox i ON i.person = p.n
      GROUP BY p.n HAVING count(i.position) <> p.head OR coalesce(max(i.position), 0) <> p.head`),
    messagesWithoutEvents: all(`
      SELECT m.n FROM message m LEFT JOIN inbox i ON i.message = m.n
      GROUP BY m.n HAVING count(i.person) <> iif(m.sender = m.recipient, 1, 2)`),
  };
  assert.deepEqual(gaps, { conversations: [], inboxes: [], messagesWithoutEvents: [] });
  const ids = all('SELECT id FROM message').map(({ id }) => String(id));
  db.close();
  return new Set(ids);
}

export function epochOf(file: string): string {
  const db = new DatabaseSync(file, { readOnly: true });
  const { epoch } = db.prepare('SELECT epoch FROM life').get() as { epoch: string };
  db.close();
  return epoch;
}

/** Every file of a folder with a hash of what is in it: equal if nothing was touched. */
export function fingerprint(folder: string): Record<string, string> {
  const names = readdirSync(folder).toSorted();
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(path.join(folder, name)))
        .digest('hex'),
    ]),
  );
}
