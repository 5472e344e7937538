/**
 * Deleting a person: at once what makes them one, and then their texts, a little at a time; the rules are those of
 * sqlite-erase.ts. Runs inside the writer's transaction.
 */
import { digestOf } from '../protocol/digest.ts';
import type { UserDeleted } from '../protocol/events.ts';
import type { Ended, EraseStep } from './event-store.ts';
import type { Db } from './postgres-connection.ts';
import { newTag } from './postgres-inbox.ts';
import { giveUp } from './postgres-nicks.ts';
import { countDiscretion } from './postgres-peers.ts';
import { lockPersons, type PersonRow } from './postgres-persons.ts';

const messagesAtOnce = 500;

export async function deletePerson(
  db: Db,
  personId: string,
  _at: string,
  quarantineUntil: string,
): Promise<Ended> {
  const person = (await lockPersons(db, { ids: [personId] })).mustHave(personId);
  const { n, id, nick } = person;
  const sessions = await giveUp(db, [person], quarantineUntil);
  // What they decided about others goes with them; what others decided about them, and reported, is theirs.
  await db.run('DELETE FROM peer WHERE person = $1', n);
  await db.run("UPDATE report SET messages = '[]' WHERE $1 IN (reporter, reported)", n);
  await db.run("UPDATE report SET note = '' WHERE reporter = $1", n);
  await db.run("UPDATE person SET erased_to = '', last_seen = NULL WHERE n = $1", n);
  await countDiscretion(db);
  return { sessions, left: [{ id, nick, lastSeen: null }] };
}

export async function erase(db: Db, at: string): Promise<EraseStep> {
  // Another node may be at it: then the next person, if there is one.
  const person = await db.get<PersonRow>(
    "SELECT * FROM person WHERE erased_to < '~' ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED",
  );
  if (!person) return { inboxes: [], removed: 0, more: false };
  const rows = await db.all<{ n: number; seq: number; id: string; text: string }>(
    `SELECT n, seq, id, text FROM message WHERE sender = $1 AND id > $2 ORDER BY id LIMIT ${messagesAtOnce}`,
    person.n,
    person.erased_to,
  );
  // What retention took is in no answer any more.
  const texts = rows.filter(({ text }) => text !== '');
  await db.run(
    `UPDATE message SET text = '', erased = x.erased FROM unnest($1::bigint[], $2::text[]) AS x(n, erased)
     WHERE message.n = x.n`,
    texts.map(({ n }) => n),
    texts.map(({ seq, id, text }) => digestOf({ seq, fromId: person.id, id, text })),
  );
  const isDone = rows.length < messagesAtOnce;
  await db.run('UPDATE person SET erased_to = $1 WHERE n = $2', isDone ? '~' : rows.at(-1)!.id, person.n);
  const inboxes = isDone ? await tell(db, person, at) : [];
  const next = await db.get("SELECT 1 FROM person WHERE erased_to < '~' LIMIT 1");
  return { inboxes, removed: rows.length, more: next !== undefined };
}

/** Not before the last text is gone: who hears of it may ask for them again. */
async function tell(db: Db, { n, id, nick }: PersonRow, at: string): Promise<string[]> {
  const peers = await db.all<{ n: number }>(
    `SELECT CASE WHEN a = $1 THEN b ELSE a END AS n FROM conversation WHERE (a = $1 OR b = $1) AND a <> b`,
    n,
  );
  const told = [...(await lockPersons(db, { numbers: peers.map((peer) => peer.n) })).byNumber.values()];
  const notice: UserDeleted & { kind: string } = { kind: 'user_deleted', id, nick, at };
  await db.run(
    `WITH moved AS (
      UPDATE person SET head = head + 1 FROM unnest($1::bigint[], $2::text[]) AS x(n, tag)
      WHERE person.n = x.n RETURNING person.n, head, x.tag
    )
    INSERT INTO inbox (person, position, tag, receipt) SELECT n, head, tag, $3 FROM moved`,
    told.map((person) => person.n),
    told.map(() => newTag()),
    JSON.stringify(notice),
  );
  return told.map((person) => person.id);
}
