/**
 * Deleting a person: at once what makes them one, and then their texts, a little at a time, because there may be many. Runs
 * inside the writer's transaction; what a crash interrupts goes on with the next step.
 *
 * What stays of a message is all but its text, as with sqlite-prune.ts; and what it adds to the digest, so that who still
 * has the text and who never had it agree that they have the same.
 */
import type { DatabaseSync } from 'node:sqlite';
import { digestOf } from '../protocol/digest.ts';
import type { UserDeleted } from '../protocol/events.ts';
import type { Ended, EraseStep } from './event-store.ts';
import type { createInbox } from './sqlite-inbox.ts';
import type { createNicks } from './sqlite-nicks.ts';
import { createFindPerson, type PersonRow } from './sqlite-rows.ts';

const messagesAtOnce = 500;

interface MessageRow {
  n: number;
  seq: number;
  id: string;
  text: string;
}

export function createErase(
  db: DatabaseSync,
  inbox: ReturnType<typeof createInbox>,
  { giveUp }: ReturnType<typeof createNicks>,
) {
  const findPerson = createFindPerson(db);
  const begin = db.prepare("UPDATE person SET erased_to = '', last_seen = NULL WHERE n = ?");
  // What they decided about others goes with them; what others decided about them, and reported, is theirs.
  const dropReportedTexts = db.prepare("UPDATE report SET messages = '[]' WHERE ?1 IN (reporter, reported)");
  const dropNotes = db.prepare("UPDATE report SET note = '' WHERE reporter = ?");
  const dropDecisions = db.prepare('DELETE FROM peer WHERE person = ?');
  const next = db.prepare("SELECT * FROM person WHERE erased_to < '~' ORDER BY n LIMIT 1");
  const isNext = db.prepare("SELECT 1 FROM person WHERE erased_to < '~' LIMIT 1");
  const textsOf = db.prepare(`
    SELECT n, seq, id, text FROM message WHERE sender = ? AND id > ? ORDER BY id LIMIT ?`);
  const eraseText = db.prepare("UPDATE message SET text = '', erased = ? WHERE n = ?");
  const setErased = db.prepare('UPDATE person SET erased_to = ? WHERE n = ?');
  const peersOf = db.prepare(`
    SELECT p.n, p.id FROM conversation c JOIN person p ON p.n = iif(c.a = ?1, c.b, c.a)
    WHERE (c.a = ?1 OR c.b = ?1) AND p.n <> ?1`);

  return {
    deletePerson(personId: string, _at: string, quarantineUntil: string): Ended {
      const person = findPerson(personId);
      const sessions = giveUp(person, quarantineUntil);
      dropDecisions.run(person.n);
      dropReportedTexts.run(person.n);
      dropNotes.run(person.n);
      begin.run(person.n);
      return { sessions, left: [{ id: person.id, nick: person.nick, lastSeen: null }] };
    },

    erase(at: string): EraseStep {
      const person = next.get() as PersonRow | undefined;
      if (!person) return { inboxes: [], removed: 0, more: false };
      const rows = textsOf.all(person.n, person.erased_to, messagesAtOnce) as unknown as MessageRow[];
      for (const { n, seq, id, text } of rows) {
        // What retention took is in no answer any more.
        if (text !== '') eraseText.run(digestOf({ seq, fromId: person.id, id, text }), n);
      }
      const isDone = rows.length < messagesAtOnce;
      setErased.run(isDone ? '~' : rows.at(-1)!.id, person.n);
      const inboxes = isDone ? tell(person, at) : [];
      return { inboxes, removed: rows.length, more: isNext.get() !== undefined };
    },
  };

  /** Not before the last text is gone: who hears of it may ask for them again. */
  function tell({ n, id, nick }: PersonRow, at: string): string[] {
    const peers = peersOf.all(n) as unknown as { n: number; id: string }[];
    const data: UserDeleted = { id, nick, at };
    for (const peer of peers) inbox.putNotice(peer.n, { kind: 'user_deleted', ...data });
    return peers.map((peer) => peer.id);
  }
}
