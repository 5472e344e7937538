/**
 * How far persons received and read; the rules are those of sqlite-receipts.ts. All receipts of a transaction are taken
 * together, as with postgres-append.ts: read at once, written at once.
 */
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { Db } from './postgres-connection.ts';
import type { Delivered, ReceiptsCall } from './postgres-delivered.ts';
import { InboxEntries } from './postgres-inbox.ts';
import type { PersonRow, Persons, Wanted } from './postgres-persons.ts';
import { receiptBetween } from './sqlite-rows.ts';

export interface Telling {
  me: PersonRow;
  peer: PersonRow;
  delivered: number;
  read: number;
  at: string;
}

interface Pair {
  me: number;
  peer: number;
  conversation: number;
  last_seq: number;
  delivered: number;
  read: number;
  shown_delivered: number;
  shown_read: number;
  told_peer: number | null;
  told_self: number | null;
  is_apart: boolean;
}

export function wantedByReceipts(
  calls: readonly ReceiptsCall[],
  news: readonly (Delivered | undefined)[],
): Wanted {
  const read = calls.flatMap(({ receipts }) => receipts.read ?? []);
  return {
    ids: [...calls.map(({ personId }) => personId), ...read.flatMap(({ withId }) => withId ?? [])],
    skeletons: read.flatMap((one) => (one.withId === undefined ? nickSkeleton(one.with) : [])),
    numbers: news.flatMap((one) => one?.peers.map(({ peer }) => peer) ?? []),
  };
}

/** Of each call the ids of the persons whose inboxes have news, in order. */
export async function recordAll(
  db: Db,
  persons: Persons,
  calls: readonly ReceiptsCall[],
  news: readonly (Delivered | undefined)[],
): Promise<{ inboxes: string[] }[]> {
  const received = new Set<PersonRow>();
  const tellings: Telling[] = [];
  const ends = calls.map(({ personId, receipts, at }, call) => {
    const me = persons.mustHave(personId);
    const growth = new Map<number, Telling>();
    const grow = (peer: PersonRow, delivered: number, read: number) => {
      const known = growth.get(peer.n) ?? { me, peer, delivered: 0, read: 0, at };
      growth.set(peer.n, {
        ...known,
        delivered: known.delivered + delivered,
        read: Math.max(known.read, read),
      });
    };
    const delivered = news[call];
    if (delivered && delivered.position > me.delivered_to) {
      me.delivered_to = delivered.position;
      received.add(me);
      for (const { peer, seq } of delivered.peers) grow(persons.byNumber.get(peer)!, seq, 0);
    }
    for (const { with: nick, withId, upTo } of receipts.read ?? []) {
      const peer = withId === undefined ? persons.called(nickSkeleton(nick)) : persons.withId(withId);
      if (peer) grow(peer, 0, upTo);
    }
    return tellings.push(...growth.values());
  });
  const told = await tellAll(db, tellings, received);
  return ends.map((end, call) => ({
    inboxes: [...new Set(told.slice(call === 0 ? 0 : ends[call - 1], end).flat())],
  }));
}

/**
 * Tells both sides of what has grown; of each telling, whose inboxes have news. With nothing delivered and nothing read it
 * tells the other side what was held back and may be told now.
 */
export async function tellAll(
  db: Db,
  tellings: readonly Telling[],
  received: ReadonlySet<PersonRow> = new Set(),
): Promise<string[][]> {
  // A note to oneself has nobody to tell.
  const others = tellings.filter(({ me, peer }) => me.n !== peer.n);
  const pairs = new Map(
    (others.length === 0 ? [] : await readPairs(db, others)).map((pair) => [`${pair.me} ${pair.peer}`, pair]),
  );
  const inbox = new InboxEntries();
  const changed = new Set<Pair>();
  const told = tellings.map((telling) => {
    const pair = pairs.get(`${telling.me.n} ${telling.peer.n}`);
    return pair ? tell(telling, pair, inbox, changed) : [];
  });
  for (const person of received) inbox.moved.add(person);
  if (inbox.moved.size > 0 || changed.size > 0) await write(db, inbox, [...changed]);
  return told;
}

function tell(telling: Telling, pair: Pair, inbox: InboxEntries, changed: Set<Pair>): string[] {
  const { me, peer, at } = telling;
  const read = Math.max(pair.read, Math.min(telling.read, pair.last_seq));
  const delivered = Math.max(pair.delivered, Math.min(telling.delivered, pair.last_seq), read);
  // What the other side was told before, it knows.
  const shownDelivered = pair.is_apart ? pair.shown_delivered : delivered;
  const shownRead = pair.is_apart || !me.receipts || !peer.receipts ? pair.shown_read : read;
  const isShownMore = shownDelivered > pair.shown_delivered || shownRead > pair.shown_read;
  if (read === pair.read && delivered === pair.delivered && !isShownMore) return [];

  const inboxes: string[] = [];
  if (isShownMore) {
    pair.told_peer = inbox.putReceipt(
      peer,
      receiptBetween(me, me, shownDelivered, shownRead, at),
      pair.told_peer,
    );
    inboxes.push(peer.id);
  }
  if (read > pair.read) {
    pair.told_self = inbox.putReceipt(me, receiptBetween(peer, me, delivered, read, at), pair.told_self);
    inboxes.push(me.id);
  }
  Object.assign(pair, { delivered, read, shown_delivered: shownDelivered, shown_read: shownRead });
  changed.add(pair);
  return inboxes;
}

async function readPairs(db: Db, tellings: readonly Telling[]): Promise<Pair[]> {
  return db.all<Pair>(
    `SELECT w.me, w.peer, c.n AS conversation, c.last_seq, coalesce(p.delivered, 0) AS delivered,
       coalesce(p.read, 0) AS read, coalesce(p.shown_delivered, 0) AS shown_delivered,
       coalesce(p.shown_read, 0) AS shown_read, p.told_peer, p.told_self,
       EXISTS (SELECT FROM peer WHERE person = w.me AND other = w.peer AND blocked = 1)
         OR EXISTS (SELECT FROM peer WHERE person = w.peer AND other = w.me AND blocked = 1) AS is_apart
     FROM (SELECT DISTINCT * FROM unnest($1::bigint[], $2::bigint[]) AS u(me, peer)) w
     JOIN conversation c ON c.a = least(w.me, w.peer) AND c.b = greatest(w.me, w.peer)
     LEFT JOIN progress p ON p.conversation = c.n AND p.person = w.me`,
    tellings.map(({ me }) => me.n),
    tellings.map(({ peer }) => peer.n),
  );
}

async function write(db: Db, inbox: InboxEntries, pairs: Pair[]): Promise<void> {
  await db.run(
    `WITH moved AS (
      UPDATE person SET head = x.head, delivered_to = x.delivered_to
      FROM json_to_recordset($1) AS x(n bigint, head bigint, delivered_to bigint) WHERE person.n = x.n
    ), emptied AS (
      UPDATE inbox SET receipt = NULL FROM json_to_recordset($2) AS x(person bigint, position bigint)
      WHERE inbox.person = x.person AND inbox.position = x.position
    ), progressed AS (
      INSERT INTO progress (conversation, person, delivered, read, shown_delivered, shown_read, told_peer, told_self)
      SELECT conversation, me, delivered, read, shown_delivered, shown_read, told_peer, told_self
      FROM json_to_recordset($3) AS x(conversation bigint, me bigint, delivered bigint, read bigint,
        shown_delivered bigint, shown_read bigint, told_peer bigint, told_self bigint)
      ON CONFLICT (conversation, person) DO UPDATE SET delivered = excluded.delivered, read = excluded.read,
        shown_delivered = excluded.shown_delivered, shown_read = excluded.shown_read,
        told_peer = excluded.told_peer, told_self = excluded.told_self
    )
    INSERT INTO inbox (person, position, tag, receipt)
    SELECT * FROM json_to_recordset($4) AS x(person bigint, position bigint, tag text, receipt text)`,
    JSON.stringify(
      [...inbox.moved].map(({ n, head, delivered_to: delivered }) => ({ n, head, delivered_to: delivered })),
    ),
    JSON.stringify(inbox.superseded),
    JSON.stringify(pairs),
    JSON.stringify(inbox.entries),
  );
}
