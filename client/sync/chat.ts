/**
 * What the components can ask for: the one thing they are given. It is made by sync-engine.ts.
 * Everything shown comes from the database; these calls only write to it, or ask the network to be looked at.
 */
import type { PeerFlags, Privacy, Report } from '../../server/protocol/peers.ts';
import type { Device, Person } from '../../server/protocol/requests.ts';
import type { Database } from '../store/database.ts';
import type { LeftBehind } from '../store/left-behind.ts';
import type { Peer } from '../store/outbox.ts';
import type { ChangeOutcome } from '../store/queue.ts';
import type { Deletion } from './account-calls.ts';
import type { CheckOutcome } from './check-conversation.ts';
import type { ConnectionView } from './connection-view.ts';
import type { ReportOutcome } from './server-calls.ts';

export interface Misdeed extends Pick<Report, 'reason' | 'note'> {
  /** Ids of the messages that are handed over. */
  messages: string[];
}

export type SendOutcome =
  | { kind: 'queued' }
  /** The device could not store it: the text must stay where it is. */
  | { kind: 'not-stored'; why: 'full' | 'broken' };

export interface Chat {
  readonly me: Person;
  /** For LiveQuery and the store's reading functions only. */
  readonly db: Database;
  /** The connection now; a `change` event is dispatched on `moments` when it changes. */
  readonly connection: ConnectionView;
  /** Ids of the persons who are typing to me now; also announced by `change`. */
  readonly typing: ReadonlySet<string>;
  readonly moments: EventTarget;

  /** Puts a message into the outbox and asks for a flush. */
  send(peer: Peer, text: string): Promise<SendOutcome>;
  /** Tries a refused message again. */
  retry(messageId: string): Promise<void>;
  /** Changes the text of a message that was never tried, or was refused. */
  edit(messageId: string, text: string): Promise<ChangeOutcome>;
  /** Lets a message that was never tried go out before, or after, its neighbour of that kind. */
  move(messageId: string, direction: 'up' | 'down'): Promise<ChangeOutcome>;
  /** Stops trying, and takes the message off the screen. `tried`: it may have been sent, and then it comes back. */
  remove(messageId: string): Promise<ChangeOutcome>;
  /** Looks at the network now instead of when the backoff ends. */
  tryNow(): void;
  /** The person sees the thread up to `seq`. */
  seen(peerId: string, seq: number): Promise<void>;
  /** The person types to `peer`; said at most every few seconds. */
  typed(peer: Peer): void;
  /** Fetches what came before `beforeSeq` into the database. False if that did not work now. */
  loadOlder(peer: Peer, beforeSeq: number): Promise<boolean>;
  /** Compares what is here with what the server has, and puts right what differs. */
  check(peer: Peer): Promise<CheckOutcome>;
  /** Fetches all that the server has of a conversation. False if that did not work to the end now. */
  loadAll(peer: Peer): Promise<boolean>;
  /** Blocks, mutes, accepts, or the contrary: here at once, everywhere once the server can be reached. */
  decide(peer: Peer, change: Partial<PeerFlags>): Promise<void>;
  /** What I show of myself, and therefore see of others; like `decide`. */
  setPrivacy(change: Partial<Privacy>): Promise<void>;
  /** Tells the operator; only with a connection. */
  report(peer: Peer, misdeed: Misdeed): Promise<ReportOutcome>;
  /** What waits on this device for persons of before. */
  leftBehind(): Promise<LeftBehind[]>;
  /** Sends it as the person of now; what is for a nick that nobody has stays. */
  sendLeftBehind(formerId: string): Promise<void>;
  deleteLeftBehind(formerId: string): Promise<void>;
  /** Ends the session. Local data goes too when `alsoHere`; messages still queued are then lost, so ask first. */
  signOut(alsoHere: boolean): Promise<'signed-out' | 'no-network'>;
  /**
   * Deletes everything on this device, also that of persons of before and what waits, also without a network: the
   * session ends as soon as the server can be reached.
   */
  deleteEverything(): Promise<void>;
  /** Where the person is signed in; undefined when the server cannot be asked now. */
  devices(): Promise<Device[] | undefined>;
  /** Signs another device out. False if that did not work now. */
  endDevice(id: string): Promise<boolean>;
  endOtherDevices(): Promise<boolean>;
  /** Deletes the account for good, on the server and here. What waits is lost, so ask first. */
  deleteAccount(): Promise<Deletion>;
}
