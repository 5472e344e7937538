/**
 * What a person's database holds: the rows of every store, and the migrations that make the stores.
 * Types and declarations only; how it is opened and used is database.ts.
 */
import type { DBSchema, IDBPDatabase } from 'idb';
import type { Refusal } from '../../server/protocol/problem.ts';
import type { PeerFlags, Privacy } from '../../server/protocol/peers.ts';
import type { Person, Progress } from '../../server/protocol/requests.ts';

/** What this device has yet to hand to the server. */
export interface OutboxRow {
  /** Order of composing on this device; given by the database. */
  ordinal?: number;
  id: string;
  to: string;
  toId: string;
  text: string;
  composedAt: string;
  status: 'queued' | 'failed';
  /** Tries that were begun, counted before the request leaves; 0 means that the server cannot have it. */
  attempts: number;
  /** When the last one began, in ms. */
  lastTriedAt?: number;
  /** Why it failed, when it failed. */
  refusal?: Refusal;
  /** Settled once already, and offered again because the server seemed to have lost it. */
  reoffered?: true;
}

/** A message as the thread shows it; one row from composing to read. */
export interface MessageRow {
  fromId: string;
  id: string;
  /** The other person of the conversation; oneself for notes. */
  peerId: string;
  from: string;
  to: string;
  toId: string;
  text: string;
  composedAt: string;
  /**
   * Place in the thread: the seq once there is one, until then behind all of those in the order of composing.
   * What the server has lost, and only its sender can bring back, has no seq and stays between two.
   */
  place: number;
  seq?: number;
  acceptedAt?: string;
  /** Its sender was deleted, and the text with them: what it adds to the digest all the same. */
  erased?: string;
  /** When the server's answer was read, in ms; only until the message came back in the inbox. */
  unconfirmedSince?: number;
  /** Own messages that left from here: how many tries it took, and when the last of them left, in ms. */
  tries?: number;
  leftAt?: number;
  /** When a message of somebody else was first stored here, in ms. */
  arrivedAt?: number;
}

/** How far the other side of a conversation got, and when: one row whenever it got further. */
export interface MilestoneRow {
  peerId: string;
  kind: keyof Progress;
  /** The highest seq that was reached. */
  upTo: number;
  /** ISO 8601, by the server's clock; missing where the device only learned that it had happened. */
  at?: string;
}

export interface ConversationRow {
  peerId: string;
  /** The label of `peerId` when last heard of. */
  nick: string;
  lastSeq: number;
  /** ISO 8601 of the last thing that happened here, for sorting the list. */
  lastAt: string;
  mine: Progress;
  theirs: Progress;
  /** Highest seq read on this device; above `mine.read` the server does not know yet. */
  readHere: number;
  unread: number;
  /** The stretch of it that was last compared with the server's, and when (ISO 8601). */
  checked?: { from: number; upTo: number; at: string };
  /** The server was found to keep nothing before this seq. */
  keptFrom?: number;
}

export interface DraftRow {
  peerId: string;
  text: string;
}

/** What was decided about another person. */
export interface PeerRow extends PeerFlags {
  id: string;
  nick: string;
  /** What of it the server has not confirmed. */
  change?: Partial<PeerFlags>;
}

export interface PrivacyRow extends Privacy {
  /** What of it the server has not confirmed. */
  change?: Partial<Privacy>;
}

/** How flushing goes on after a failure. */
export interface FlushState {
  /** Failures in a row. */
  failures: number;
  /** When the last try that failed began, in ms. */
  triedAt?: number;
  /** When the timer should try again, in ms. */
  nextTryAt: number;
  /** The server asked to be left alone until then, in ms. */
  holdUntil: number;
  /** Most drafts in the next batch: halved by a timeout. */
  batchLimit: number;
  /** Why nothing goes out at the moment. */
  why: FlushTrouble | null;
}
export type FlushTrouble =
  | 'offline'
  | 'timeout'
  | 'server'
  | 'busy'
  | 'not-ours'
  | 'signed-out'
  | 'other-person';

export interface Schema extends DBSchema {
  outbox: { key: number; value: OutboxRow; indexes: { id: string; status: [string, number] } };
  messages: {
    key: [string, string];
    value: MessageRow;
    indexes: { thread: [string, number]; unconfirmed: number };
  };
  conversations: { key: string; value: ConversationRow };
  people: { key: string; value: Person };
  drafts: { key: string; value: DraftRow };
  milestones: { key: [string, string, number]; value: MilestoneRow };
  peers: { key: string; value: PeerRow };
  /** One row, `mine`. */
  privacy: { key: string; value: PrivacyRow };
  /** Single values by name: `cursor`, `flush`, `reset` (why there is no cursor). */
  meta: { key: string; value: string | FlushState };
}

/** Only ever added to: an old tab may hold the database, and the outbox must survive every version. */
export const migrations: ((db: IDBPDatabase<Schema>) => void)[] = [
  (db) => {
    const outbox = db.createObjectStore('outbox', { keyPath: 'ordinal', autoIncrement: true });
    outbox.createIndex('id', 'id', { unique: true });
    outbox.createIndex('status', ['status', 'ordinal']);
    const messages = db.createObjectStore('messages', { keyPath: ['fromId', 'id'] });
    messages.createIndex('thread', ['peerId', 'place']);
    messages.createIndex('unconfirmed', 'unconfirmedSince');
    db.createObjectStore('conversations', { keyPath: 'peerId' });
    db.createObjectStore('people', { keyPath: 'id' });
    db.createObjectStore('drafts', { keyPath: 'peerId' });
    db.createObjectStore('meta');
  },
  (db) => {
    db.createObjectStore('milestones', { keyPath: ['peerId', 'kind', 'upTo'] });
  },
  (db) => {
    db.createObjectStore('peers', { keyPath: 'id' });
    db.createObjectStore('privacy');
  },
];
