/** Accepting drafts: once per (sender, id), with the next seq of the conversation. Runs inside the writer's transaction. */
import type { DatabaseSync } from 'node:sqlite';
import { failpoint } from '../failpoint.ts';
import { digestOf, emptyDigest, minus, plus, type Digest } from '../protocol/digest.ts';
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { ProblemCode } from '../protocol/problem.ts';
import type { Draft, Message, Result } from '../protocol/requests.ts';
import type { Appended } from './event-store.ts';
import type { WrittenEvent } from './recent-events.ts';
import type { createInbox, InboxEntry } from './sqlite-inbox.ts';
import {
  createFindPerson,
  isCalled,
  selectMessage,
  toMessage,
  type MessageRow,
  type PersonRow,
} from './sqlite-rows.ts';

interface ConversationRow {
  n: number;
  /** Given to this message. */
  last_seq: number;
  /** Of everything before it. */
  digest: Digest;
  a_first: number;
  b_first: number;
}

export function createAppend(db: DatabaseSync, inbox: ReturnType<typeof createInbox>) {
  const findPerson = createFindPerson(db);
  const personBySkeleton = db.prepare('SELECT * FROM person WHERE skeleton = ?');
  const known = db.prepare(`${selectMessage} WHERE m.sender = ? AND m.id = ?`);
  const digestAt = db.prepare('SELECT digest FROM message WHERE conversation = ? AND seq = ?');
  const nextSeq = db.prepare(`
    INSERT INTO conversation (a, b, last_seq, a_first, b_first) VALUES (?, ?, 1, ?, ?)
    ON CONFLICT (a, b) DO UPDATE SET last_seq = last_seq + 1,
      a_first = iif(a_first = 0 AND excluded.a_first = 1, last_seq + 1, a_first),
      b_first = iif(b_first = 0 AND excluded.b_first = 1, last_seq + 1, b_first)
    RETURNING n, last_seq, digest, a_first, b_first`);
  const isBlocking = db.prepare('SELECT 1 FROM peer WHERE person = ? AND other = ? AND blocked = 1');
  const setDigest = db.prepare('UPDATE conversation SET digest = ? WHERE n = ?');
  const add = db.prepare(`
    INSERT INTO message (conversation, seq, sender, recipient, id, text, composed_at, accepted_at, digest)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);

  return function append(
    senderId: string,
    drafts: readonly Draft[],
    acceptedAt: string,
  ): Appended & { written: WrittenEvent[] } {
    const sender = findPerson(senderId);
    const news: InboxEntry[] = [];
    const strangers: string[] = [];
    const results = drafts.map((draft) => judge(sender, draft, acceptedAt, news, strangers));
    const written = inbox.putMessages(news);
    return { results, inboxes: [...new Set(news.map(({ person }) => person.id))], strangers, written };
  };

  function judge(
    sender: PersonRow,
    draft: Draft,
    acceptedAt: string,
    news: InboxEntry[],
    strangers: string[],
  ): Result {
    const { id } = draft;
    // On its way while its sender was deleted: nobody would take its text away again.
    if (sender.erased_to !== null) return rejected(id, 'signed_out', 'This account was deleted.');
    // A UUID is the same in either case; it is kept in one.
    const earlier = known.get(sender.n, id.toLowerCase()) as MessageRow | undefined;
    if (earlier) {
      return isSame({ ...earlier, text: earlier.text || provenText(earlier, draft.text) }, draft)
        ? { id, status: 'duplicate', message: { ...toMessage(earlier), text: draft.text } }
        : rejected(id, 'id_reused', 'Another message was sent under this id.');
    }
    const recipient = personBySkeleton.get(nickSkeleton(draft.to)) as PersonRow | undefined;
    if (!recipient) return rejected(id, 'unknown_person', `Nobody is called '${draft.to}' now.`);
    if (draft.toId !== undefined && draft.toId !== recipient.id) {
      return rejected(id, 'person_changed', `'${draft.to}' is another person now.`);
    }
    if (isBlocking.get(recipient.n, sender.n)) {
      return rejected(id, 'blocked', 'This person does not take messages from you.');
    }
    if (isBlocking.get(sender.n, recipient.n)) {
      return rejected(id, 'blocked_by_you', 'You have blocked this person.');
    }
    const message = accept(sender, recipient, draft, acceptedAt, news);
    if (message.seq === 1 && recipient.n !== sender.n) strangers.push(recipient.id);
    return { id, status: 'accepted', message };
  }

  /** The text that is offered, if its digest is that of the one that is not kept any more. */
  function provenText(pruned: MessageRow, offered: string): string {
    const { seq, from_id: fromId, id, conversation, digest } = pruned;
    const before = digestAt.get(conversation, seq - 1) as { digest: Digest } | undefined;
    const own = minus(digest, before?.digest ?? emptyDigest);
    return digestOf({ seq, fromId, id, text: offered }) === own ? offered : '';
  }

  function accept(
    sender: PersonRow,
    recipient: PersonRow,
    draft: Draft,
    acceptedAt: string,
    news: InboxEntry[],
  ): Message {
    const { n: from } = sender;
    const { n: to } = recipient;
    const place = nextSeq.get(
      Math.min(from, to),
      Math.max(from, to),
      Number(from <= to),
      Number(from >= to),
    ) as unknown as ConversationRow;
    const id = draft.id.toLowerCase();
    const { text, composedAt } = draft;
    const digest = plus(place.digest, digestOf({ seq: place.last_seq, fromId: sender.id, id, text }));
    setDigest.run(digest, place.n);
    // Not RETURNING: with it SQLite keeps a journal for the one statement, which doubles its cost.
    const added = add.run(place.n, place.last_seq, from, to, id, text, composedAt, acceptedAt, digest);
    failpoint('message-written');
    const message = {
      id,
      from: sender.nick,
      fromId: sender.id,
      to: recipient.nick,
      toId: recipient.id,
      text,
      composedAt,
      seq: place.last_seq,
      acceptedAt,
    };
    const entry = { message: Number(added.lastInsertRowid), json: JSON.stringify(message) };
    news.push({ person: recipient, ...entry });
    if (from !== to) news.push({ person: sender, ...entry });
    return message;
  }
}

/** The same message again? When it was composed is not compared. */
function isSame(earlier: MessageRow, draft: Draft): boolean {
  const isSamePerson =
    draft.toId === undefined ? isCalled({ nick: earlier.to }, draft.to) : draft.toId === earlier.to_id;
  return isSamePerson && earlier.text === draft.text;
}

function rejected(id: string, code: ProblemCode, detail: string): Result {
  return { id, status: 'rejected', error: { code, detail } };
}
