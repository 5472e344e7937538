/**
 * Who listens here: every open stream of this process, by person, page and address.
 * It delivers what is of the moment (presence, typing, heartbeats); the log is followed by each stream for itself.
 */
import { Groups } from '../bus/groups.ts';
import type { Person } from '../protocol/requests.ts';
import type { Discretion } from './discretion.ts';
import type { EventStream } from './event-stream.ts';
import { frame } from '../protocol/frame.ts';
import { SharedFrames } from './event-stream.ts';
import { PresenceRounds } from './presence-rounds.ts';
import { Tally } from './tally.ts';
import { Wheel } from './wheel.ts';

export interface Listener {
  personId: string;
  /** The session behind it, so that its streams end with it. */
  tokenHash: string;
  /** UUID of the page, if it gave one. */
  pageId: string | undefined;
  address: string;
  stream: EventStream;
  /** How many heartbeats the stream is still to live. */
  beatsLeft: number;
}

/** A long poll that waits: an answer, and then the device asks again. */
interface Poll {
  personId: string;
  tokenHash: string;
  address: string;
  end: () => void;
}

/** Streams and polls together. */
const mostPerPerson = 20;
export const mostPerAddress = 2_000;
export interface HubOptions {
  heartbeatMs: number;
  now: () => Date;
  discretion: Discretion;
}

export class Hub {
  readonly #byPerson = new Groups<Listener>();
  readonly #perPerson = new Tally();
  readonly #perAddress = new Tally();
  readonly #polls = new Set<Poll>();
  readonly #wheel: Wheel;
  readonly #presence: PresenceRounds;
  /** Once the server ends: when each stream shall come back. */
  #endingRetryMs: (() => number) | undefined;

  constructor({ heartbeatMs, now, discretion }: HubOptions) {
    this.#wheel = new Wheel(heartbeatMs, now);
    this.#presence = new PresenceRounds(discretion, () => this.#everyone());
  }

  /** False when the person or the address listens as often as is allowed. */
  hasRoomFor(personId: string, address: string): boolean {
    return this.#perPerson.of(personId) < mostPerPerson && this.#perAddress.of(address) < mostPerAddress;
  }

  /** Ends the older stream of a page that comes back: it is half dead, and the browser has forgotten it. */
  endOlderOf(personId: string, pageId: string): void {
    for (const listener of this.#byPerson.of(personId)) {
      if (listener.pageId === pageId) listener.stream.end();
    }
  }

  /** Takes the listener in, until it leaves. */
  join(listener: Listener): void {
    if (this.#endingRetryMs) return listener.stream.end(this.#endingRetryMs());
    this.#byPerson.add(listener.personId, listener);
    this.#count(listener);
    this.#wheel.add(listener);
  }

  leave(listener: Listener): void {
    if (!this.#wheel.remove(listener)) return;
    this.#byPerson.remove(listener.personId, listener);
    this.#discount(listener);
  }

  /** Has a long poll answered early when its session or the server ends. The answer takes it out. */
  joinPoll(poll: Poll): () => void {
    if (this.#endingRetryMs) poll.end();
    this.#polls.add(poll);
    this.#count(poll);
    return () => {
      this.#polls.delete(poll);
      this.#discount(poll);
    };
  }

  typing(toPersonId: string, from: string, to: string): void {
    this.#tell(toPersonId, frame('typing', JSON.stringify({ from, to })));
  }

  /** What the person decided about others has changed; each of their pages asks. */
  peersChanged(personId: string): void {
    this.#tell(personId, frame('peers', '{}'));
  }

  /** To one listener alone, what they may know of another person now. */
  tellPerson(viewerId: string, person: Person): void {
    this.#tell(viewerId, frame('person', JSON.stringify(person)));
  }

  /** The person shows presence from now on, or none: each is told what others see of them by that. */
  presenceChanged(person: Person): void {
    this.#presence.say(person);
  }

  /** Presence is said to everybody who listens and may know it, as soon as the server can spare the time. */
  presence(person: Person): void {
    this.#presence.say(person);
  }

  /** Somebody took a nick: everybody's list of people gains one. */
  newcomer(person: Person): void {
    this.presence(person);
  }

  /** The sessions behind everything that is open here, one for each stream and poll. */
  sessions(): string[] {
    return [...this.#everyone(), ...this.#polls].map(({ tokenHash }) => tokenHash);
  }

  /** How long the slowest reader has taken nothing; nobody does for longer than a minute. */
  longestLagMs(): number {
    return this.#everyone().reduce((longest, { stream }) => Math.max(longest, stream.lagMs), 0);
  }

  /** The session has ended, and with it what it opened. */
  endSession(tokenHash: string): void {
    for (const { tokenHash: its, stream } of this.#everyone()) if (its === tokenHash) stream.end();
    for (const poll of this.#polls) if (poll.tokenHash === tokenHash) poll.end();
  }

  /** Whatever they opened ends, on all of their devices. */
  endPerson(personId: string): void {
    for (const { stream } of this.#byPerson.of(personId)) stream.end();
    for (const poll of this.#polls) if (poll.personId === personId) poll.end();
  }

  /** Ends every stream, each with its own `retryMs`, so that not everybody comes back at once. */
  endAll(retryMs: () => number): void {
    this.#wheel.stop();
    this.#presence.end();
    this.#endingRetryMs = retryMs;
    for (const { stream } of this.#everyone()) stream.end(retryMs());
    for (const { end } of this.#polls) end();
  }

  #count({ personId, address }: Listener | Poll): void {
    this.#perPerson.add(personId);
    this.#perAddress.add(address);
  }

  #discount({ personId, address }: Listener | Poll): void {
    this.#perPerson.remove(personId);
    this.#perAddress.remove(address);
  }

  #tell(personId: string, moment: string): void {
    const frames = new SharedFrames(moment);
    for (const { stream } of this.#byPerson.of(personId)) stream.writeMoment(frames);
  }

  /** Who listens now; to end some of them changes nothing about that. */
  #everyone(): readonly Listener[] {
    return [...this.#byPerson.everyone()];
  }
}
