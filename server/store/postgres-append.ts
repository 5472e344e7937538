/**
 * Accepting drafts: once per (sender, id), with the next seq of the conversation. All drafts of a transaction are judged
 * together: what they need is read at once, and what follows is written at once, so that many cost hardly more than one.
 */
import { digestOf, emptyDigest, minus, plus, type Digest } from '../protocol/digest.ts';
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { ProblemCode } from '../protocol/problem.ts';
import type { Draft, Message, Result } from '../protocol/requests.ts';
import type { Appended } from './event-store.ts';
import type { Db } from './postgres-connection.ts';
import { InboxEntries } from './postgres-inbox.ts';
import type { PersonRow, Persons, Wanted } from './postgres-persons.ts';
import { isCalled, selectMessage, toMessage, type MessageRow } from './sqlite-rows.ts';

export interface AppendCall {
  senderId: string;
  drafts: readonly Draft[];
  acceptedAt: string;
}

interface Place {
  a: number;
  b: number;
  last_seq: number;
  digest: Digest;
  a_first: number;
  b_first: number;
}

/** A message to be written, and where it belongs. */
type Added = Pick<Message, 'seq' | 'id' | 'text'> &
  Pick<Place, 'a' | 'b'> & {
    i: number;
    sender: number;
    recipient: number;
    composed_at: string;
    accepted_at: string;
    digest: Digest;
  };

export function wantedByAppend({ senderId, drafts }: AppendCall): Wanted {
  return { ids: [senderId], skeletons: [...new Set(drafts.map(({ to }) => nickSkeleton(to)))] };
}

/** Of each call what became of it, in order. */
export async function appendAll(db: Db, persons: Persons, calls: readonly AppendCall[]): Promise<Appended[]> {
  const state = await readState(db, persons, calls);
  const inbox = new InboxEntries();
  const added: Added[] = [];
  const changed = new Set<Place>();
  const answers = calls.map((call) => appendOne(call));
  if (added.length > 0) await write(db, [...changed], added, inbox);
  return answers;

  function appendOne({ senderId, drafts, acceptedAt }: AppendCall): Appended {
    const sender = persons.mustHave(senderId);
    const inboxes = new Set<string>();
    const strangers: string[] = [];
    const results = drafts.map((draft): Result => {
      const { id } = draft;
      // On its way while its sender was deleted: nobody would take its text away again.
      if (sender.erased_to !== null) return rejected(id, 'signed_out', 'This account was deleted.');
      const earlier = state.known.get(nameOf(sender, draft));
      if (earlier) return judgeAgain(earlier, draft);
      const recipient = persons.called(nickSkeleton(draft.to));
      if (!recipient) return rejected(id, 'unknown_person', `Nobody is called '${draft.to}' now.`);
      if (draft.toId !== undefined && draft.toId !== recipient.id) {
        return rejected(id, 'person_changed', `'${draft.to}' is another person now.`);
      }
      if (state.blocks.has(`${recipient.n} ${sender.n}`)) {
        return rejected(id, 'blocked', 'This person does not take messages from you.');
      }
      if (state.blocks.has(`${sender.n} ${recipient.n}`)) {
        return rejected(id, 'blocked_by_you', 'You have blocked this person.');
      }
      const message = accept(sender, recipient, draft, acceptedAt);
      if (message.seq === 1 && recipient.n !== sender.n) strangers.push(recipient.id);
      for (const person of [recipient, sender]) inboxes.add(person.id);
      return { id, status: 'accepted', message };
    });
    return { results, inboxes: [...inboxes], strangers };
  }

  function judgeAgain(earlier: MessageRow, draft: Draft): Result {
    const text = earlier.text || provenText(earlier, draft.text);
    const isSamePerson =
      draft.toId === undefined ? isCalled({ nick: earlier.to }, draft.to) : draft.toId === earlier.to_id;
    return isSamePerson && text === draft.text
      ? { id: draft.id, status: 'duplicate', message: { ...toMessage(earlier), text } }
      : rejected(draft.id, 'id_reused', 'Another message was sent under this id.');
  }

  /** The text that is offered, if its digest is that of the one that is not kept any more. */
  function provenText(
    { seq, from_id: fromId, id, conversation, digest }: MessageRow,
    offered: string,
  ): string {
    const own = minus(digest, state.sums.get(`${conversation} ${seq - 1}`) ?? emptyDigest);
    return digestOf({ seq, fromId, id, text: offered }) === own ? offered : '';
  }

  function accept(sender: PersonRow, recipient: PersonRow, draft: Draft, acceptedAt: string): Message {
    const place = state.placeOf(sender, recipient);
    changed.add(place);
    const seq = (place.last_seq += 1);
    if (sender.n === place.a && place.a_first === 0) place.a_first = seq;
    if (sender.n === place.b && place.b_first === 0) place.b_first = seq;
    const { text, composedAt } = draft;
    const id = draft.id.toLowerCase();
    place.digest = plus(place.digest, digestOf({ seq, fromId: sender.id, id, text }));
    const { a, b, digest } = place;
    const row = { id, text, seq, composed_at: composedAt, accepted_at: acceptedAt, digest };
    added.push({ i: added.length, a, b, sender: sender.n, recipient: recipient.n, ...row });
    inbox.putMessage(recipient, sender.n, id);
    if (recipient.n !== sender.n) inbox.putMessage(sender, sender.n, id);
    const names = { from: sender.nick, from_id: sender.id, to: recipient.nick, to_id: recipient.id };
    const stored: MessageRow = { n: 0, conversation: 0, erased: null, ...row, ...names };
    state.known.set(nameOf(sender, draft), stored);
    return toMessage(stored);
  }
}

/** What was sent before under these names, the conversations they belong to, and who has blocked whom. */
async function readState(db: Db, persons: Persons, calls: readonly AppendCall[]) {
  const senders: number[] = [];
  const ids: string[] = [];
  const pairs = new Map<string, [a: number, b: number]>();
  for (const { senderId, drafts } of calls) {
    const sender = persons.mustHave(senderId);
    for (const { id, to } of drafts) {
      senders.push(sender.n);
      ids.push(id.toLowerCase());
      const other = persons.called(nickSkeleton(to));
      if (other) pairs.set(keyOf(sender, other), ordered(sender, other));
    }
  }
  const [a, b] = [0, 1].map((side) => [...pairs.values()].map((pair) => pair[side]!));
  const [known, places, blocks] = await Promise.all([
    // A question of its own for each name. As a plain join it may, while there are no statistics yet, be planned by the
    // sender alone, and then reads over all that they ever wrote.
    db.all<MessageRow>(
      `${selectMessage} WHERE m.n IN (
         SELECT known.n FROM unnest($1::bigint[], $2::text[]) AS w(sender, id),
           LATERAL (SELECT n FROM message WHERE message.sender = w.sender AND message.id = w.id OFFSET 0) AS known)`,
      senders,
      ids,
    ),
    db.all<Place>(
      `SELECT c.a, c.b, c.last_seq, c.digest, c.a_first, c.b_first
       FROM unnest($1::bigint[], $2::bigint[]) AS w(a, b) JOIN conversation c ON c.a = w.a AND c.b = w.b`,
      a,
      b,
    ),
    db.all<{ person: number; other: number }>(
      `SELECT p.person, p.other FROM unnest($1::bigint[], $2::bigint[]) AS w(a, b)
       JOIN peer p ON (p.person = w.a AND p.other = w.b) OR (p.person = w.b AND p.other = w.a)
       WHERE p.blocked = 1`,
      a,
      b,
    ),
  ]);
  const placeByKey = new Map(places.map((place) => [`${place.a} ${place.b}`, place]));
  return {
    known: new Map(known.map((row) => [`${persons.mustHave(row.from_id).n} ${row.id}`, row])),
    sums: await readSums(db, known),
    blocks: new Set(blocks.map(({ person, other }) => `${person} ${other}`)),
    placeOf(one: PersonRow, other: PersonRow): Place {
      const key = keyOf(one, other);
      let place = placeByKey.get(key);
      if (!place) {
        const [first, second] = ordered(one, other);
        place = { a: first, b: second, last_seq: 0, digest: emptyDigest, a_first: 0, b_first: 0 };
        placeByKey.set(key, place);
      }
      return place;
    },
  };
}

/** The digests before those messages whose texts are not kept any more. */
async function readSums(db: Db, known: readonly MessageRow[]): Promise<Map<string, Digest>> {
  const gone = known.filter(({ text }) => text === '');
  if (gone.length === 0) return new Map();
  const rows = await db.all<{ conversation: number; seq: number; digest: Digest }>(
    `SELECT m.conversation, m.seq, m.digest FROM unnest($1::bigint[], $2::bigint[]) AS w(conversation, seq)
     JOIN message m ON m.conversation = w.conversation AND m.seq = w.seq`,
    gone.map(({ conversation }) => conversation),
    gone.map(({ seq }) => seq - 1),
  );
  return new Map(rows.map(({ conversation, seq, digest }) => [`${conversation} ${seq}`, digest]));
}

async function write(db: Db, places: Place[], added: Added[], inbox: InboxEntries): Promise<void> {
  await db.run(
    `WITH place AS (
      INSERT INTO conversation (a, b, last_seq, digest, a_first, b_first)
      SELECT * FROM json_to_recordset($1)
        AS x(a bigint, b bigint, last_seq bigint, digest text, a_first bigint, b_first bigint)
      ON CONFLICT (a, b) DO UPDATE SET last_seq = excluded.last_seq, digest = excluded.digest,
        a_first = excluded.a_first, b_first = excluded.b_first
      RETURNING n, a, b
    ), added AS (
      INSERT INTO message (conversation, seq, sender, recipient, id, text, composed_at, accepted_at, digest)
      SELECT place.n, x.seq, x.sender, x.recipient, x.id, x.text, x.composed_at, x.accepted_at, x.digest
      FROM json_to_recordset($2) AS x(i integer, a bigint, b bigint, seq bigint, sender bigint, recipient bigint,
        id text, text text, composed_at text, accepted_at text, digest text)
      JOIN place ON place.a = x.a AND place.b = x.b ORDER BY x.i
      RETURNING n, sender, id
    ), heads AS (
      UPDATE person SET head = x.head FROM json_to_recordset($3) AS x(n bigint, head bigint) WHERE person.n = x.n
    )
    INSERT INTO inbox (person, position, tag, message)
    SELECT x.person, x.position, x.tag, added.n
    FROM json_to_recordset($4) AS x(person bigint, position bigint, tag text, sender bigint, id text)
    JOIN added ON added.sender = x.sender AND added.id = x.id`,
    JSON.stringify(places),
    JSON.stringify(added),
    JSON.stringify([...inbox.moved].map(({ n, head }) => ({ n, head }))),
    JSON.stringify(inbox.entries),
  );
}

const nameOf = (sender: PersonRow, { id }: Draft) => `${sender.n} ${id.toLowerCase()}`;
const ordered = (one: PersonRow, other: PersonRow): [number, number] => [
  Math.min(one.n, other.n),
  Math.max(one.n, other.n),
];
const keyOf = (one: PersonRow, other: PersonRow) => ordered(one, other).join(' ');

function rejected(id: string, code: ProblemCode, detail: string): Result {
  return { id, status: 'rejected', error: { code, detail } };
}
