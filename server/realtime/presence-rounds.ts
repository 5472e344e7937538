/**
 * Says who came and went to everybody who listens and may know it. Where everybody tells everybody, the work grows with
 * the square of them: so it is gathered, one round after the other, and a round carries no more than the server can
 * spare. What waits is the latest of each person, so that even the flood after a restart is bounded; it is told later
 * then, and until then a page has what it asked for when it came.
 */
import type { Person } from '../protocol/requests.ts';
import type { Discretion } from './discretion.ts';
import { frame } from '../protocol/frame.ts';
import { SharedFrames, type EventStream } from './event-stream.ts';

/** So long at least, so that a thousand who come at once cost each stream some writes and not a thousand. */
const gatheredMs = 200;
/** And so long for each listener, because telling each of them takes a moment of its own. */
const gatheredMsEach = 0.1;
/** Persons times listeners in a second. Up to some five hundred people nobody waits for a second round. */
const toldPerSecond = 300_000;
/** The server does other things after so many writes: a few milliseconds. */
const writesAtOnce = 250;

interface Viewer {
  personId: string;
  stream: EventStream;
}

interface Round {
  /** Frames by the id of the person whom they are about. */
  latest: ReadonlyMap<string, string>;
  /** Ids of those of whom not everybody may know it. */
  discreet: ReadonlySet<string>;
  together: SharedFrames;
}

export class PresenceRounds {
  readonly #discretion: Discretion;
  readonly #viewers: () => readonly Viewer[];
  /** The latest of each person that is still to be said; who has waited longest comes first. */
  readonly #waiting = new Map<string, Person>();
  #timer: NodeJS.Timeout | undefined;
  #slice: NodeJS.Immediate | undefined;

  constructor(discretion: Discretion, viewers: () => readonly Viewer[]) {
    this.#discretion = discretion;
    this.#viewers = viewers;
  }

  say(person: Person): void {
    if (this.#discretion.showsNone(person.id) && !saysNothing(person)) return;
    this.#waiting.set(person.id, person);
    if (!this.#timer && !this.#slice) this.#gather(gatheredMs);
  }

  end(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#slice);
  }

  #gather(ms: number): void {
    this.#timer = setTimeout(() => this.#begin(), ms).unref();
  }

  #begin(): void {
    this.#timer = undefined;
    const viewers = this.#viewers();
    const pauseMs = Math.max(gatheredMs, viewers.length * gatheredMsEach);
    const most = Math.max(1, Math.floor((toldPerSecond * pauseMs) / 1000 / Math.max(1, viewers.length)));
    const latest = new Map<string, string>();
    const discreet = new Set<string>();
    for (const [personId, person] of this.#waiting) {
      if (latest.size === most) break;
      latest.set(personId, frame('person', JSON.stringify(person)));
      if (!saysNothing(person)) discreet.add(personId);
      this.#waiting.delete(personId);
    }
    const round: Round = { latest, discreet, together: together(latest) };
    const tellFrom = (from: number): void => {
      this.#tell(viewers.slice(from, from + writesAtOnce), round);
      const next = from + writesAtOnce;
      this.#slice = next < viewers.length ? setImmediate(tellFrom, next) : undefined;
      if (!this.#slice && this.#waiting.size > 0) this.#gather(pauseMs);
    };
    tellFrom(0);
  }

  #tell(viewers: readonly Viewer[], { latest, discreet, together: all }: Round): void {
    const isForAll = [...discreet].every((id) => !this.#discretion.concerns(id));
    for (const { personId, stream } of viewers) {
      const hidden = (id: string) => this.#discretion.hidesPresence(personId, id);
      if (isForAll && !this.#discretion.concerns(personId)) stream.writePresence(latest, all);
      else {
        const seen = new Map([...latest].filter(([id]) => !discreet.has(id) || !hidden(id)));
        if (seen.size > 0) stream.writePresence(seen, together(seen));
      }
    }
  }
}

/** What is seen of a person who shows no presence, which everybody may know. */
function saysNothing({ online, lastSeen }: Person): boolean {
  return !online && lastSeen === null;
}

function together(latest: ReadonlyMap<string, string>): SharedFrames {
  return new SharedFrames([...latest.values()].join(''));
}
