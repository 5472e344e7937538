/**
 * A device with something on it. What came from the server is put there by the app's own code, as one snapshot; what waits
 * is composed, and then marked with the tries and refusals that only a network can bring.
 */
import type { FlushState, FlushTrouble } from '../../client/store/database.ts';
import { saveDraft } from '../../client/store/drafts.ts';
import { enqueueMessage, listOutbox } from '../../client/store/outbox.ts';
import { replacePeople } from '../../client/store/people.ts';
import { applySnapshot } from '../../client/store/snapshot.ts';
import type { ProblemCode } from '../../server/protocol/problem.ts';
import type { Conversation, Message, Person, Progress } from '../../server/protocol/requests.ts';
import { at } from './fixed-moment.ts';
import { GalleryDatabase } from './gallery-database.ts';
import { everybody, me } from './people.ts';

/** Who wrote it, when it was on the server (see fixed-moment.ts), the text, and when it was written if that was earlier. */
export type Line = [from: Person, sent: string, text: string, written?: string];

export interface Talk {
  with: Person;
  lines: readonly Line[];
  unread?: number;
  /** How many lines the other side has received and read; all, unless it is said. */
  theirs?: Progress;
  /** So many messages before the first line are only on the server. */
  missing?: number;
}

export interface Waiting {
  to: Person;
  text: string;
  written: string;
  tries?: number;
  refused?: ProblemCode;
}

export interface Contents {
  /** Nothing at all came from the server yet. */
  isNew?: boolean;
  people?: readonly Person[];
  talks?: readonly Talk[];
  waiting?: readonly Waiting[];
  drafts?: readonly { to: Person; text: string }[];
  /** Why nothing goes out. */
  trouble?: FlushTrouble;
}

export async function fillDevice({
  isNew = false,
  people = everybody,
  talks = [],
  waiting = [],
  drafts = [],
  trouble,
}: Contents): Promise<GalleryDatabase> {
  const db = new GalleryDatabase();
  const conversations = talks.map((talk, index) => conversationOf(talk, index));
  if (isNew) await replacePeople(db, []);
  else await applySnapshot(db, { me, cursor: 'gallery.1', people: [me, ...people], conversations });
  for (const [index, { to, text, written }] of waiting.entries()) {
    await enqueueMessage(db, { id: nameOf(900 + index), me, peer: to, text, composedAt: at(written) });
  }
  await markWaiting(db, waiting);
  for (const { to, text } of drafts) await saveDraft(db, to.id, text);
  if (trouble) await stopFlushing(db, trouble);
  return db;
}

/** The name of a message: the same on every day, and the greater the later. */
export function nameOf(number: number): string {
  return `10000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function conversationOf(
  { with: peer, lines, unread = 0, theirs, missing = 0 }: Talk,
  index: number,
): Conversation {
  const messages = lines.map(([from, sent, text, written = sent], line): Message => {
    const to = from === me ? peer : me;
    return {
      id: nameOf((index + 1) * 1_000 + line),
      ...{ from: from.nick, fromId: from.id, to: to.nick, toId: to.id },
      ...{ text, composedAt: at(written), acceptedAt: at(sent), seq: missing + line + 1 },
    };
  });
  const lastSeq = missing + lines.length;
  const reached = (count = lines.length) => missing + count;
  return {
    ...{ with: peer.nick, withId: peer.id, lastSeq, messages, unread },
    mine: { delivered: lastSeq, read: Math.max(0, lastSeq - unread) },
    theirs: { delivered: reached(theirs?.delivered), read: reached(theirs?.read) },
  };
}

async function markWaiting(db: GalleryDatabase, waiting: readonly Waiting[]): Promise<void> {
  const rows = await listOutbox(db);
  await db.write(['outbox'], async (tx) => {
    for (const [index, row] of rows.entries()) {
      const { tries = 0, refused } = waiting[index]!;
      if (tries > 0) Object.assign(row, { attempts: tries, lastTriedAt: Date.parse(row.composedAt) });
      if (refused) Object.assign(row, { status: 'failed', refusal: { code: refused, detail: '' } });
      await tx.objectStore('outbox').put(row);
    }
  });
}

async function stopFlushing(db: GalleryDatabase, why: FlushTrouble): Promise<void> {
  const flush: FlushState = {
    ...{ failures: 3, triedAt: Date.now() - 20_000, nextTryAt: Date.now() + 24_000 },
    ...{ holdUntil: 0, batchLimit: 100, why },
  };
  await db.write(['meta'], (tx) => tx.objectStore('meta').put(flush, 'flush'));
}
