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

/** Of a person what it takes to write to them, or as them; every column that is read costs. */
const partyColumns = ['n', 'id', 'nick', 'head', 'erased_to'] as const;
type Party = Pick<PersonRow, (typeof partyColumns)[number]>;

/** And how the sender and they stand. */
interface Recipient extends Party {
  isBlocking: boolean;
  isBlocked: boolean;
}

/** The drafts of one request, which are judged one after the other. */
interface Submission {
  sender: Party;
  /** By the nick that was written to; undefined where nobody is called so. */
  recipients: Map<string, Recipient | undefined>;
  acceptedAt: string;
  news: InboxEntry[];
  /** Ids of the persons to whom the sender had never written, nor they to the sender. */
  strangers: string[];
}

interface ConversationRow {
  n: number;
  last_seq: number;
  /** Of everything up to that. */
  digest: Digest;
}

export function createAppend(db: DatabaseSync, inbox: ReturnType<typeof createInbox>) {
  const findPerson = createFindPerson(db, partyColumns);
  const personBySkeleton = db.prepare(`SELECT ${partyColumns.join(', ')} FROM person WHERE skeleton = ?`);
  const known = db.prepare(`${selectMessage} WHERE m.sender = ? AND m.id = ?`);
  const digestAt = db.prepare('SELECT digest FROM message WHERE conversation = ? AND seq = ?');
  const between = db.prepare('SELECT n, last_seq, digest FROM conversation WHERE a = ? AND b = ?');
  const begin = db.prepare('INSERT INTO conversation (a, b) VALUES (?, ?)');
  const goOn = db.prepare(`
    UPDATE conversation SET last_seq = ?1, digest = ?2,
      a_first = iif(a_first = 0 AND a = ?3, ?1, a_first), b_first = iif(b_first = 0 AND b = ?3, ?1, b_first)
    WHERE n = ?4`);
  const isBlocking = db.prepare('SELECT 1 FROM peer WHERE person = ? AND other = ? AND blocked = 1');
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
    const submission = { sender, recipients: new Map(), acceptedAt, news, strangers };
    const results = drafts.map((draft) => judge(submission, draft));
    const written = inbox.putMessages(news);
    return { results, inboxes: [...new Set(news.map(({ person }) => person.id))], strangers, written };
  };

  function judge(submission: Submission, draft: Draft): Result {
    const { sender, strangers } = submission;
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
    const recipient = recipientCalled(draft.to, submission);
    if (!recipient) return rejected(id, 'unknown_person', `Nobody is called '${draft.to}' now.`);
    if (draft.toId !== undefined && draft.toId !== recipient.id) {
      return rejected(id, 'person_changed', `'${draft.to}' is another person now.`);
    }
    if (recipient.isBlocking) {
      return rejected(id, 'blocked', 'This person does not take messages from you.');
    }
    if (recipient.isBlocked) {
      return rejected(id, 'blocked_by_you', 'You have blocked this person.');
    }
    const message = accept(submission, recipient, draft);
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

  /** Most drafts of a request are to the same person. */
  function recipientCalled(nick: string, { sender, recipients }: Submission): Recipient | undefined {
    if (recipients.has(nick)) return recipients.get(nick);
    const party = personBySkeleton.get(nickSkeleton(nick)) as Party | undefined;
    const recipient = party && {
      ...party,
      isBlocking: isBlocking.get(party.n, sender.n) !== undefined,
      isBlocked: isBlocking.get(sender.n, party.n) !== undefined,
    };
    recipients.set(nick, recipient);
    return recipient;
  }

  function accept(submission: Submission, recipient: Recipient, draft: Draft): Message {
    const { sender, acceptedAt, news } = submission;
    const { n: from } = sender;
    const { n: to } = recipient;
    const place = placeBetween(Math.min(from, to), Math.max(from, to));
    const seq = place.last_seq + 1;
    const id = draft.id.toLowerCase();
    const { text, composedAt } = draft;
    const digest = plus(place.digest, digestOf({ seq, fromId: sender.id, id, text }));
    goOn.run(seq, digest, from, place.n);
    // Not RETURNING, neither here nor there: for it SQLite opens a table for the one row, which doubles the cost.
    const added = add.run(place.n, seq, from, to, id, text, composedAt, acceptedAt, digest);
    failpoint('message-written');
    const message = {
      id,
      from: sender.nick,
      fromId: sender.id,
      to: recipient.nick,
      toId: recipient.id,
      text,
      composedAt,
      seq,
      acceptedAt,
    };
    const entry = { message: Number(added.lastInsertRowid), json: JSON.stringify(message) };
    news.push({ person: recipient, ...entry });
    if (from !== to) news.push({ person: sender, ...entry });
    return message;
  }

  function placeBetween(a: number, b: number): ConversationRow {
    const place = between.get(a, b) as ConversationRow | undefined;
    if (place) return place;
    return { n: Number(begin.run(a, b).lastInsertRowid), last_seq: 0, digest: emptyDigest };
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
