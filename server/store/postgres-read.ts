/** Reading everything but the log: persons, history, stretches, and what a person takes along. */
import { emptyDigest, minus, type Digest } from '../protocol/digest.ts';
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import type { Device, Message, Stretch } from '../protocol/requests.ts';
import type { ExportedConversation, StoredPerson } from './event-store.ts';
import type { Db } from './postgres-connection.ts';
import { noPerson, type PersonRow } from './postgres-persons.ts';
import { selectMessage, toMessage, toPerson, type MessageRow } from './sqlite-rows.ts';

type Peer = { with: string; withId?: string };

interface Place {
  n: number;
  last_seq: number;
  pruned_to: number;
}

const orUndefined = (row: PersonRow | undefined): StoredPerson | undefined => row && toPerson(row);

export async function findPerson(db: Db, id: string): Promise<PersonRow> {
  const row = await db.get<PersonRow>('SELECT * FROM person WHERE id = $1', id);
  if (!row) throw noPerson(id);
  return row;
}

export async function person(db: Db, id: string): Promise<StoredPerson | undefined> {
  return orUndefined(await db.get<PersonRow>('SELECT * FROM person WHERE id = $1', id));
}

export async function personOfNick(db: Db, nick: string): Promise<StoredPerson | undefined> {
  return orUndefined(await db.get<PersonRow>('SELECT * FROM person WHERE skeleton = $1', nickSkeleton(nick)));
}

export async function personOfSession(db: Db, tokenHash: string): Promise<StoredPerson | undefined> {
  return orUndefined(
    await db.get<PersonRow>(
      'SELECT p.* FROM session s JOIN person p ON p.n = s.person WHERE s.token_hash = $1',
      tokenHash,
    ),
  );
}

/** Searched as typed and by skeleton, for the reasons that sqlite-read.ts gives. */
export async function people(
  db: Db,
  search: string | undefined,
  limit: number | null,
): Promise<StoredPerson[]> {
  const rows = await (search === undefined
    ? db.all<PersonRow>('SELECT * FROM person WHERE skeleton IS NOT NULL ORDER BY lower_nick LIMIT $1', limit)
    : db.all<PersonRow>(
        `SELECT * FROM person
         WHERE skeleton IS NOT NULL AND (strpos(lower_nick, $1) > 0 OR strpos(skeleton, $2) > 0)
         ORDER BY lower_nick LIMIT $3`,
        search.normalize('NFKC').toLowerCase(),
        nickSkeleton(search),
        limit,
      ));
  return rows.map(toPerson);
}

export async function devices(db: Db, personId: string, tokenHash: string): Promise<Device[]> {
  const { n } = await findPerson(db, personId);
  return db.all<Device>(
    `SELECT id, device AS name, began_at AS since, used_at AS "lastUsed", token_hash = $2 AS current
     FROM session WHERE person = $1 ORDER BY used_at DESC, began_at DESC, id`,
    n,
    tokenHash,
  );
}

/** The conversation with somebody; null if nothing was said, undefined if there is nobody. */
async function placeOf(db: Db, personId: string, peer: Peer): Promise<Place | null | undefined> {
  const me = await findPerson(db, personId);
  const [column, value] =
    peer.withId === undefined
      ? (['skeleton', nickSkeleton(peer.with)] as const)
      : (['id', peer.withId] as const);
  const row = await db.get<Omit<Place, 'n'> & { n: number | null }>(
    `SELECT c.n, c.last_seq, c.pruned_to FROM person o
     LEFT JOIN conversation c ON c.a = least(o.n, $1) AND c.b = greatest(o.n, $1) WHERE o.${column} = $2`,
    me.n,
    value,
  );
  if (!row) return undefined;
  return row.n === null ? null : { ...row, n: row.n };
}

export async function history(
  db: Db,
  personId: string,
  peer: Peer,
  beforeSeq: number | undefined,
  limit: number,
): Promise<{ messages: Message[]; more: boolean } | undefined> {
  const place = await placeOf(db, personId, peer);
  if (!place) return place === null ? { messages: [], more: false } : undefined;
  const rows = await db.all<MessageRow>(
    `${selectMessage} WHERE m.conversation = $1 AND m.seq > $2 AND m.seq < $3 ORDER BY m.seq DESC LIMIT $4`,
    place.n,
    place.pruned_to,
    beforeSeq ?? Number.MAX_SAFE_INTEGER,
    limit,
  );
  const messages = rows.toReversed().map(toMessage);
  return { messages, more: messages.length > 0 && messages[0]!.seq > place.pruned_to + 1 };
}

export async function stretch(
  db: Db,
  personId: string,
  peer: Peer,
  from: number,
  upTo: number,
): Promise<Stretch | undefined> {
  const place = await placeOf(db, personId, peer);
  if (place === undefined) return undefined;
  const [first, last] = place ? [place.pruned_to + 1, place.last_seq] : [0, 0];
  const [low, high] = [Math.max(from, first), Math.min(upTo, last)];
  const range = { first, last, from: low, upTo: high };
  if (!place || low > high || last === 0) return { ...range, digest: emptyDigest };
  // Also of a message that is not kept any more the sum is.
  const rows = await db.all<{ seq: number; digest: Digest }>(
    'SELECT seq, digest FROM message WHERE conversation = $1 AND seq = ANY ($2::bigint[])',
    place.n,
    [low - 1, high],
  );
  const sumAt = (seq: number) => rows.find((row) => row.seq === seq)?.digest ?? emptyDigest;
  return { ...range, digest: minus(sumAt(high), sumAt(low - 1)) };
}

export async function conversations(db: Db, personId: string): Promise<ExportedConversation[]> {
  const me = await findPerson(db, personId);
  const rows = await db.all<ExportedConversation>(
    `SELECT p.nick AS "with", p.id AS "withId", c.last_seq AS "lastSeq",
       json_build_object('delivered', coalesce(mine.delivered, 0), 'read', coalesce(mine.read, 0)) AS mine,
       -- No more of the other side than it shows.
       json_build_object('delivered', coalesce(theirs.shown_delivered, 0),
         'read', coalesce(theirs.shown_read, 0)) AS theirs
     FROM (SELECT n, last_seq, b AS peer FROM conversation WHERE a = $1
           UNION SELECT n, last_seq, a AS peer FROM conversation WHERE b = $1) c
     JOIN person p ON p.n = c.peer
     LEFT JOIN progress mine ON mine.conversation = c.n AND mine.person = $1
     LEFT JOIN progress theirs ON theirs.conversation = c.n AND theirs.person = c.peer AND c.peer <> $1
     ORDER BY c.n`,
    me.n,
  );
  return rows;
}

export async function messagesAfter(
  db: Db,
  personId: string,
  withId: string,
  after: number,
  limit: number,
): Promise<Message[]> {
  const { n } = await findPerson(db, personId);
  const rows = await db.all<MessageRow>(
    `${selectMessage} JOIN conversation c ON c.n = m.conversation JOIN person o ON o.id = $2
     WHERE c.a = least($1::bigint, o.n) AND c.b = greatest($1, o.n) AND m.seq > greatest(c.pruned_to, $3)
     ORDER BY m.seq LIMIT $4`,
    n,
    withId,
    after,
    limit,
  );
  return rows.map(toMessage);
}
