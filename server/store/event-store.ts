/**
 * The store: persons, sessions, conversations and the inboxes, which are the log that everything is read from.
 *
 * The rules, which every implementation keeps and test/server/event-store-contract.ts holds to account:
 * - A promise of a writing method resolves only after the commit was synced to disk. Who answers a device after it
 *   has resolved can lose power and lose nothing.
 * - A message takes effect once per (sender, id), for ever; its `seq` is the next of its conversation.
 * - The positions of an inbox have no gaps, and the tag of each is kept for as long as its position is.
 * - Reading never waits for writing, and a page is small, so that no reader holds back the log's checkpoint.
 *
 * The store knows neither HTTP nor who is listening: whom to signal, it answers.
 */
import type { ResetReason } from '../protocol/events.ts';
import type {
  Conversation,
  Device,
  Draft,
  Message,
  Person,
  Receipts,
  Result,
  Stretch,
} from '../protocol/requests.ts';
import type { PeerStore } from './peer-store.ts';

/** A person as stored; whether they are online is known elsewhere. */
export type StoredPerson = Omit<Person, 'online'>;

export interface SignIn {
  /** As readNick returned it. */
  nick: string;
  /** SHA-256 of the session's token; the token itself is never stored. */
  tokenHash: string;
  /** The attempt's UUID: the same nick with the same key within 10 minutes is the same person, and the earlier session of that key ends. */
  key?: string;
  /** What the device is called: see device-name.ts. */
  device?: string;
  /** ISO 8601. */
  at: string;
}

export type SignInOutcome =
  | {
      kind: 'signed-in';
      me: StoredPerson;
      /** The session of the same attempt that it replaced. */ ended?: string;
    }
  | { kind: 'nick-taken' };

/** Sessions that ended, by the hashes of their tokens, and the persons whose nicks were thereby freed. */
export interface Ended {
  sessions: string[];
  left: StoredPerson[];
}

/** How long nicks are kept. Times in ISO 8601. */
export interface NickLimits {
  at: string;
  /** Who was not seen since is taken to be gone. */
  seenBefore: string;
  /** After a time without looks everybody is held until then: who was away may have met no server. */
  holdUntil: string;
  /** Nobody takes a nick that was freed before then. */
  quarantineUntil: string;
}

/** A conversation as its person takes it along. */
export type ExportedConversation = Omit<Conversation, 'messages' | 'unread'> & { withId: string };

export interface Appended {
  /** One per draft, in order. */
  results: Result[];
  /** Ids of the persons whose inboxes have news. */
  inboxes: string[];
  /** Ids of the persons to whom the sender had never written, nor they to the sender. */
  strangers: string[];
}

/** An event of the log; `json` is its data as one line of JSON. */
export interface StoredEvent {
  id: string;
  kind: 'inbox' | 'receipt' | 'user_deleted';
  json: string;
}

export interface EventsPage {
  kind: 'events';
  readonly events: StoredEvent[];
  /** The same as frames of the stream, if the store has them at less cost than the events. */
  frames?: string;
  /** After the last event. */
  cursor: string;
  more: boolean;
}

export type InboxPage =
  | EventsPage
  | { kind: 'reset'; reason: ResetReason; /** The cursor to go on from. */ head: string };

export interface StoredSnapshot {
  me: StoredPerson;
  cursor: string;
  people: StoredPerson[];
  /** Those with at least one message, with the last 30 messages each. */
  conversations: Conversation[];
}

/** Times in ISO 8601; what is not named is kept for ever. */
export interface PruneLimits {
  eventsBefore?: string;
  /** An event goes with its message at the latest. */
  messagesBefore?: string;
}

export interface PruneStep {
  /** How many events and texts went. */
  removed: number;
  /** Where the next step of the pass goes on: after this inbox, or at the messages; undefined at its end. */
  next: number | 'messages' | undefined;
}

export interface EraseStep {
  /** How many messages were gone through. */
  removed: number;
  /** Ids of the persons whose inboxes have news. */
  inboxes: string[];
  more: boolean;
}

export interface EventStore extends PeerStore {
  /** One life of the data: drawn when it is made, and again when a backup is put back. */
  readonly epoch: string;

  signIn(attempt: SignIn): Promise<SignInOutcome>;
  /** Ends the session. `left` is the person whose nick was freed, if it was their last. */
  signOut(tokenHash: string, at: string): Promise<{ left: StoredPerson | undefined }>;
  /** Ends one device of a person, or all but the one that asks. Of another's nothing is ended. */
  endDevices(personId: string, which: { id: string } | { allBut: string }, at: string): Promise<Ended>;
  /** The devices of a person, the one used last first. */
  devices(personId: string, tokenHash: string): Promise<Device[]>;
  /** A session was used. */
  recordUse(tokenHash: string, at: string): Promise<void>;
  /**
   * One small step of freeing nicks none of whose devices was seen since; a pass begins at 0, and ends at undefined.
   * Such a nick is quarantined.
   */
  sweepNicks(limits: NickLimits, from: number): Promise<Ended & { next: number | undefined }>;
  /** Ends all sessions of a person, and quarantines the nick. Their texts go by `erase`. */
  deletePerson(personId: string, at: string, quarantineUntil: string): Promise<Ended>;
  /**
   * One small step of taking away the texts of deleted persons. The last of a person tells everybody they talked to.
   * What a message was is kept but for its text, so that it takes effect once and no digest changes.
   */
  erase(at: string): Promise<EraseStep>;
  /** Whose session it is, or undefined if it is none of ours or has ended. */
  personOfSession(tokenHash: string): Promise<StoredPerson | undefined>;

  /**
   * Accepts drafts that are well-formed by themselves. Each is judged alone: `accepted`, `duplicate` with the message
   * of the first time, or `rejected` as unknown_person, person_changed, id_reused, blocked or blocked_by_you. A draft that was accepted once is
   * a `duplicate` for ever, also when the person behind its nick has changed since.
   */
  append(senderId: string, drafts: readonly Draft[], acceptedAt: string): Promise<Appended>;
  /** Notes how far a person's devices received (up to a cursor) and read. Only what grew is stored and signalled. */
  recordReceipts(personId: string, receipts: Receipts, at: string): Promise<{ inboxes: string[] }>;
  /** When persons were last online. */
  recordSeen(seen: readonly { personId: string; at: string }[]): Promise<void>;

  /**
   * One small step of letting go of what is older; a pass begins at 0. A device whose cursor is before what is kept is
   * told `retention`. Neither a position nor a seq is ever given again, and a message whose text is gone still takes
   * effect once.
   */
  prune(limits: PruneLimits, from: PruneStep['next']): Promise<PruneStep>;

  /** A person by id, also one whose nick was freed since. */
  person(id: string): Promise<StoredPerson | undefined>;
  /** Who has a nick now. */
  personOfNick(nick: string): Promise<StoredPerson | undefined>;
  /** Persons whose nick is taken now, by nick; those whose nick contains `search` if that is given. */
  people(search: string | undefined, limit: number): Promise<StoredPerson[]>;
  /** The id of the last event of the inbox; an empty inbox has one too. */
  head(personId: string): Promise<string>;
  /** Events after the cursor `after`, oldest first, at most `limit` and 64 KiB (but at least one). Superseded receipts are left out. */
  readInbox(personId: string, after: string, limit: number): Promise<InboxPage>;
  /** Messages between the two with a seq below `before`, oldest first, at most `limit`; undefined for an unknown person. */
  history(
    personId: string,
    peer: { with: string; withId?: string },
    before: number | undefined,
    limit: number,
  ): Promise<{ messages: Message[]; more: boolean } | undefined>;
  /** The digest of the messages between the two from one seq to another, as far as they are kept; undefined for an unknown person. */
  stretch(
    personId: string,
    peer: { with: string; withId?: string },
    from: number,
    upTo: number,
  ): Promise<Stretch | undefined>;
  /** The conversations of a person in which something was said. */
  conversations(personId: string): Promise<ExportedConversation[]>;
  /** Messages between the two with a seq above `after`, oldest first, at most `limit`. */
  messagesAfter(personId: string, withId: string, after: number, limit: number): Promise<Message[]>;
  /** All that a new or reset device needs, read in one transaction. */
  snapshot(personId: string): Promise<StoredSnapshot>;

  /** Finishes what was begun, and closes the files. */
  close(): Promise<void>;
}

/** The disk is full: nothing was accepted, and the same request may succeed later. */
export class StorageFull extends Error {
  override name = 'StorageFull';
}

/** Another program holds the data and was waited for in vain, or the database is away; otherwise like StorageFull. */
export class StorageHeld extends Error {
  override name = 'StorageHeld';
}
