/**
 * The standing checker: knows what was composed where, and what became of it in the hands of its person, and compares
 * that with what the server has and with what every device shows. It knows nothing of how messages travel, so that the
 * same one judges a simulated world, a long run over real sockets, and a server that was killed.
 */
import { createHash } from 'node:crypto';

/** A message as somebody has it. Its text is its name here: whoever composes for the checker never says a thing twice. */
export interface Seen {
  seq: number;
  fromId: string;
  id: string;
  text: string;
}

/** What became of a message, as far as its person was told. */
interface Entry {
  /** Device and conversation: what has an order. */
  lane: string;
  text: string;
  /** When its composing began and when the device said that it is kept; numbers that only grow. */
  begunAt: number;
  keptAt: number | undefined;
  /** `given-up`: the server may have it or not. `gone`: nobody may have it. */
  fate: 'kept' | 'unsure' | 'given-up' | 'gone';
  /** Nothing is wrong with it, so nobody may refuse it. */
  isSound: boolean;
  /** Its person put it somewhere else in the queue, so it has no order. */
  isMoved: boolean;
  /** Each time the server's data went back and had it no more; and those times at which its device knew it sent. */
  lostIn: Set<number>;
  lostAsSentIn: Set<number>;
}

/** What a device shows at the end. */
export interface DeviceView {
  name: string;
  /** Conversation → what it has of it, in the order of seq. */
  threads: ReadonlyMap<string, readonly Seen[]>;
  /** What still waits, with why. */
  waiting: readonly { text: string; status: 'queued' | 'failed' }[];
}

export interface Verdict {
  lost: string[];
  twice: string[];
  outOfOrder: string[];
  gaps: string[];
  differing: string[];
  /** Texts of messages that their person had taken back before anybody could have them. */
  unwanted: string[];
  stillWaiting: string[];
}

export class Checker {
  readonly #entries = new Map<string, Entry>();
  #clock = 0;

  /** The next number of an order of events. */
  tick(): number {
    this.#clock += 1;
    return this.#clock;
  }

  /** A text is being composed; what becomes of it is told by the other methods. */
  begin(lane: string, text: string, isSound = true): void {
    const entry: Entry = {
      lane,
      text,
      begunAt: this.tick(),
      keptAt: undefined,
      fate: 'unsure',
      isSound,
      isMoved: false,
      lostIn: new Set(),
      lostAsSentIn: new Set(),
    };
    this.#entries.set(text, entry);
  }

  /** The device said that it has it: from now on it must not be lost. */
  keep(text: string): void {
    const entry = this.#entry(text);
    entry.keptAt = this.tick();
    if (entry.fate === 'unsure') entry.fate = 'kept';
  }

  /** It counts as composed now: its person tries it again. */
  again(text: string): void {
    const entry = this.#entry(text);
    entry.begunAt = this.tick();
    entry.keptAt = undefined;
  }

  setFate(text: string, fate: Entry['fate']): void {
    this.#entry(text).fate = fate;
  }

  fate(text: string): Entry['fate'] {
    return this.#entry(text).fate;
  }

  /** It stands where another stood: as old as that one. */
  takePlace(text: string, of: string): void {
    const { begunAt, keptAt, isMoved } = this.#entry(of);
    Object.assign(this.#entry(text), { begunAt, keptAt, isMoved });
  }

  move(text: string): void {
    this.#entry(text).isMoved = true;
  }

  has(text: string): boolean {
    return this.#entries.has(text);
  }

  /** Everything that was composed in lanes of this kind and is not on the server may be gone from now on. */
  forget(isOfLane: (lane: string) => boolean, known: ReadonlySet<string>): void {
    for (const entry of this.#entries.values()) {
      if (!isOfLane(entry.lane) || known.has(entry.text)) continue;
      if (entry.fate === 'kept') entry.fate = 'unsure';
    }
  }

  /** The data of the server went back. What its devices bring back they bring in order, but later than what went on. */
  wentBack(
    before: ReadonlySet<string>,
    after: ReadonlySet<string>,
    is: { isHeldByNobody: (lane: string) => boolean; isWaiting: (text: string) => boolean },
  ): void {
    const moment = this.tick();
    for (const entry of this.#entries.values()) {
      const { text, lane, lostIn, lostAsSentIn, fate } = entry;
      if (!before.has(text) || after.has(text)) continue;
      lostIn.add(moment);
      if (!is.isWaiting(text)) lostAsSentIn.add(moment);
      if (fate === 'kept' && is.isHeldByNobody(lane)) entry.fate = 'unsure';
    }
  }

  get composed(): number {
    return this.#entries.size;
  }

  /** Compares what the server has, by conversation, with what was composed and with what the devices show. */
  compare(server: ReadonlyMap<string, readonly Seen[]>, devices: readonly DeviceView[]): Verdict {
    const all = [...server.values()].flat();
    const counts = Map.groupBy(all, ({ text }) => text);
    const entries = [...this.#entries.values()];
    return {
      lost: entries
        .filter(({ fate, isSound, text }) => fate === 'kept' && isSound && !counts.has(text))
        .map(({ text }) => text),
      twice: [...counts].filter(([, copies]) => copies.length > 1).map(([text]) => text),
      unwanted: entries
        .filter(({ fate, isSound, text }) => (fate === 'gone' || !isSound) && counts.has(text))
        .map(({ text }) => text),
      outOfOrder: this.#outOfOrder(all),
      gaps: [...server].filter(([, messages]) => hasGaps(messages)).map(([name]) => name),
      differing: devices.flatMap((device) => differences(server, device)),
      stillWaiting: devices.flatMap(({ name, waiting }) =>
        waiting
          .filter(({ status, text }) => status === 'queued' || this.#entries.get(text)?.isSound !== false)
          .map(({ text, status }) => `${name}: ${text} (${status})`),
      ),
    };
  }

  /** Pairs of one lane of which one was surely composed after the other, and came before it. */
  #outOfOrder(all: readonly Seen[]): string[] {
    const seqs = new Map(all.map(({ text, seq }) => [text, seq]));
    const accepted = [...this.#entries.values()].filter(
      ({ text, isMoved, fate }) => seqs.has(text) && !isMoved && fate !== 'given-up',
    );
    return [...Map.groupBy(accepted, ({ lane }) => lane).values()].flatMap((lane) =>
      lane.flatMap((first) =>
        lane
          .filter(
            (second) =>
              // Of what its device has lost, a copy may still be on its way.
              first.fate === 'kept' &&
              first.keptAt !== undefined &&
              first.keptAt < second.begunAt &&
              [...first.lostIn].every((moment) => second.lostAsSentIn.has(moment)) &&
              seqs.get(first.text)! > seqs.get(second.text)!,
          )
          .map((second) => `${second.text} came before ${first.text}`),
      ),
    );
  }

  #entry(text: string): Entry {
    const entry = this.#entries.get(text);
    if (!entry) throw new Error(`Nobody has composed ${text}.`);
    return entry;
  }
}

/** What is wrong, in words; empty if all is well. */
export function faultsOf(verdict: Verdict): string[] {
  return Object.entries(verdict).flatMap(([kind, found]) =>
    (found as string[]).map((what) => `${kind}: ${what}`),
  );
}

/** A hash over everything in a conversation, and over its order: equal for whoever has the same. */
export function digest(messages: readonly Seen[]): string {
  let rolling = '';
  for (const { seq, fromId, id, text } of messages) {
    rolling = createHash('sha256')
      .update(JSON.stringify([rolling, seq, fromId, id, text]))
      .digest('hex');
  }
  return rolling;
}

function hasGaps(messages: readonly Seen[]): boolean {
  return messages.some(({ seq }, index) => seq !== index + 1);
}

function differences(server: ReadonlyMap<string, readonly Seen[]>, device: DeviceView): string[] {
  return [...device.threads]
    .filter(([name, thread]) => digest(thread) !== digest(server.get(name) ?? []))
    .map(([name, thread]) => {
      const there = server.get(name) ?? [];
      return `${device.name} has ${list(thread)} of ${name}, the server ${list(there)}`;
    });
}

function list(messages: readonly Seen[]): string {
  return messages.map(({ seq, text }) => `${seq}:${text}`).join(' ') || 'nothing';
}
