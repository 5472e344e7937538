/**
 * Who listens here: every open stream of this process, by person, page and address.
 * It delivers what is of the moment (presence, typing, heartbeats); the log is followed by each stream for itself.
 */
import type { Person } from '../protocol/requests.ts';
import type { Discretion } from './discretion.ts';
import type { EventStream } from './event-stream.ts';
import { frame } from './event-stream.ts';
import { Tally } from './tally.ts';

export interface Listener {
  personId: string;
  /** The session behind it, so that its streams end with it. */
  tokenHash: string;
  /** UUID of the page, if it gave one. */
  pageId: string | undefined;
  address: string;
  stream: EventStream;
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

/** Heartbeats go out in slices, so that ten thousand of them do not hold up a message. */
const slicesPerHeartbeat = 50;
/** Presence is gathered so long, so that a thousand who come at once cost each stream some writes and not a thousand. */
const presenceGatheredMs = 200;

export class Hub {
  readonly #byPerson = new Map<string, Set<Listener>>();
  readonly #perPerson = new Tally();
  readonly #perAddress = new Tally();
  readonly #polls = new Set<Poll>();
  readonly #slices: Set<Listener>[] = Array.from({ length: slicesPerHeartbeat }, () => new Set());
  readonly #now: () => Date;
  readonly #discretion: Discretion;
  readonly #wheel: NodeJS.Timeout;
  /** The latest of each person that is to be said. */
  #presence = new Map<string, string>();
  #presenceTimer: NodeJS.Timeout | undefined;
  #nextSlice = 0;
  #joined = 0;
  /** Once the server ends: when each stream shall come back. */
  #endingRetryMs: (() => number) | undefined;

  constructor({ heartbeatMs, now, discretion }: HubOptions) {
    this.#discretion = discretion;
    this.#now = now;
    this.#wheel = setInterval(() => this.#beatSlice(), heartbeatMs / slicesPerHeartbeat);
    this.#wheel.unref();
  }

  /** False when the person or the address listens as often as is allowed. */
  hasRoomFor(personId: string, address: string): boolean {
    return this.#perPerson.of(personId) < mostPerPerson && this.#perAddress.of(address) < mostPerAddress;
  }

  /** Ends the older stream of a page that comes back: it is half dead, and the browser has forgotten it. */
  endOlderOf(personId: string, pageId: string): void {
    for (const listener of this.#byPerson.get(personId) ?? []) {
      if (listener.pageId === pageId) listener.stream.end();
    }
  }

  /** Takes the listener in until its stream ends. */
  join(listener: Listener): void {
    const { personId, stream } = listener;
    if (stream.ended.aborted) return;
    if (this.#endingRetryMs) return stream.end(this.#endingRetryMs());
    const ofPerson = this.#byPerson.get(personId) ?? new Set();
    this.#byPerson.set(personId, ofPerson.add(listener));
    this.#count(listener);
    const slice = this.#slices[this.#joined++ % slicesPerHeartbeat]!;
    slice.add(listener);
    stream.ended.addEventListener('abort', () => {
      slice.delete(listener);
      ofPerson.delete(listener);
      if (ofPerson.size === 0) this.#byPerson.delete(personId);
      this.#discount(listener);
    });
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

  /** The person shows presence from now on, or none: each is told what they see by that. */
  presenceChanged(personId: string, seenBy: (viewerId: string) => Person): void {
    for (const viewerId of this.#byPerson.keys()) {
      if (viewerId !== personId) this.tellPerson(viewerId, seenBy(viewerId));
    }
  }

  /** Presence is said to everybody who listens and may know it, within a moment. */
  presence(person: Person): void {
    this.#presence.set(person.id, frame('person', JSON.stringify(person)));
    this.#presenceTimer ??= setTimeout(() => this.#tellPresence(), presenceGatheredMs).unref();
  }

  /** Somebody took a nick: everybody's list of people gains one. */
  newcomer(person: Person): void {
    this.presence(person);
  }

  /** The sessions behind everything that is open here, one for each stream and poll. */
  sessions(): string[] {
    return [...this.#everybody(), ...this.#polls].map(({ tokenHash }) => tokenHash);
  }

  /** The session has ended, and with it what it opened. */
  endSession(tokenHash: string): void {
    for (const listener of this.#everybody()) if (listener.tokenHash === tokenHash) listener.stream.end();
    for (const poll of this.#polls) if (poll.tokenHash === tokenHash) poll.end();
  }

  /** Whatever they opened ends, on all of their devices. */
  endPerson(personId: string): void {
    for (const { stream } of [...(this.#byPerson.get(personId) ?? [])]) stream.end();
    for (const poll of this.#polls) if (poll.personId === personId) poll.end();
  }

  /** Ends every stream, each with its own `retryMs`, so that not everybody comes back at once. */
  endAll(retryMs: () => number): void {
    clearInterval(this.#wheel);
    clearTimeout(this.#presenceTimer);
    this.#endingRetryMs = retryMs;
    for (const listener of [...this.#everybody()]) listener.stream.end(retryMs());
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
    for (const { stream } of this.#byPerson.get(personId) ?? []) stream.writeMoment(moment);
  }

  *#everybody(): Iterable<Listener> {
    for (const ofPerson of this.#byPerson.values()) yield* ofPerson;
  }

  #tellPresence(): void {
    const latest = this.#presence;
    this.#presence = new Map();
    this.#presenceTimer = undefined;
    const together = [...latest.values()].join('');
    const isForAll = [...latest.keys()].every((id) => !this.#discretion.concerns(id));
    for (const { personId, stream } of this.#everybody()) {
      if (isForAll && !this.#discretion.concerns(personId)) stream.writePresence(latest, together);
      else {
        const seen = [...latest].filter(([id]) => !this.#discretion.hidesPresence(personId, id));
        if (seen.length > 0) stream.writePresence(new Map(seen), seen.map(([, each]) => each).join(''));
      }
    }
  }

  #beatSlice(): void {
    const slice = this.#slices[this.#nextSlice]!;
    this.#nextSlice = (this.#nextSlice + 1) % slicesPerHeartbeat;
    if (slice.size === 0) return;
    const beat = heartbeatFrame(this.#now());
    for (const { stream } of slice) stream.writeMoment(beat);
  }
}

export function heartbeatFrame(now: Date): string {
  return frame('heartbeat', JSON.stringify({ now: now.toISOString() }));
}
