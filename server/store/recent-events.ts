/**
 * The newest events of the inboxes that are being followed, so that news is not read from the disk again for each device
 * that it goes to.
 *
 * It is no second truth. It answers only who stands at a cursor that it knows, tag and all, and only with events: whether
 * there is nothing new, the log is asked. Each write to an inbox is heard here before it is signalled to anybody; of what
 * did not come along, or does not follow what is known, the whole inbox is forgotten.
 */
import { formatEventId, parseEventId } from '../protocol/event-id.ts';
import { frame } from '../protocol/frame.ts';
import type { StoredEvent } from './event-store.ts';
import { FramedPage } from './framed-page.ts';

/** An event as it was put into the inbox of a person. */
export interface WrittenEvent {
  personId: string;
  position: number;
  tag: string;
  kind: StoredEvent['kind'];
  json: string;
  /** The position of the receipt in whose place it stands. */
  supersedes?: number;
}

interface Recent {
  /** The cursor after which the places begin, and its position. */
  from: string;
  fromPosition: number;
  /** One for each position; a superseded receipt keeps its place. */
  places: { id: string; frame: string; bytes: number }[];
  bytes: number;
}

export interface RecentLimits {
  /** Of all inboxes together; those in which nothing was said for the longest time go first. */
  mostBytes: number;
  /** Of one inbox; its oldest go first. No more than a page of the log has. */
  mostBytesEach: number;
  mostEventsEach: number;
}

const usualLimits: RecentLimits = { mostBytes: 16 << 20, mostBytesEach: 64 << 10, mostEventsEach: 200 };
/** What an inbox, and an event, take besides the text. */
const overheadBytes = 300;

export class RecentEvents {
  readonly #epoch: string;
  readonly #limits: RecentLimits;
  /** The one that was written to last stands last. */
  readonly #byPerson = new Map<string, Recent>();
  #bytes = 0;

  constructor(epoch: string, limits: Partial<RecentLimits> = {}) {
    this.#epoch = epoch;
    this.#limits = { ...usualLimits, ...limits };
  }

  /** Somebody has read an inbox up to this cursor: what comes next is kept. */
  follow(personId: string, cursor: string): void {
    const id = parseEventId(cursor);
    // What is known already may be newer than what was read.
    if (!id || this.#byPerson.has(personId)) return;
    this.#keep(personId, { from: cursor, fromPosition: id.position, places: [], bytes: overheadBytes });
  }

  /** Takes in what was written, in the order of the commits. */
  hear(written: readonly WrittenEvent[]): void {
    for (const event of written) this.#hearOne(event);
  }

  /** Something was written that is not known here. */
  forget(personId: string): void {
    const recent = this.#byPerson.get(personId);
    if (!recent) return;
    this.#byPerson.delete(personId);
    this.#bytes -= recent.bytes;
  }

  /** Texts were taken away. */
  forgetAll(): void {
    this.#byPerson.clear();
    this.#bytes = 0;
  }

  /** The events after a cursor; undefined if the log has to be asked. */
  after(personId: string, cursor: string, limit: number): FramedPage | undefined {
    const recent = this.#byPerson.get(personId);
    const position = recent && parseEventId(cursor)?.position;
    if (recent === undefined || position === undefined) return undefined;
    const start = position - recent.fromPosition;
    const known = start === 0 ? recent.from : recent.places[start - 1]?.id;
    if (known !== cursor) return undefined;
    const news = recent.places.slice(start).filter((place) => place.frame !== '');
    const page = news.slice(0, limit);
    if (page.length === 0) return undefined;
    const frames = page.map((place) => place.frame).join('');
    return new FramedPage({ frames, cursor: page.at(-1)!.id, more: page.length < news.length });
  }

  #hearOne({ personId, position, tag, kind, json, supersedes }: WrittenEvent): void {
    const recent = this.#byPerson.get(personId);
    if (!recent) return;
    this.forget(personId);
    if (position !== recent.fromPosition + recent.places.length + 1) return;
    const gone = supersedes === undefined ? undefined : recent.places[supersedes - recent.fromPosition - 1];
    if (gone) gone.frame = '';
    const id = formatEventId({ epoch: this.#epoch, position, tag });
    const bytes = Buffer.byteLength(json) + overheadBytes;
    recent.places.push({ id, frame: frame(kind, json, id), bytes });
    recent.bytes += bytes;
    const { mostBytesEach, mostEventsEach } = this.#limits;
    while (recent.places.length > mostEventsEach || recent.bytes > mostBytesEach) dropOldest(recent);
    this.#keep(personId, recent);
  }

  #keep(personId: string, recent: Recent): void {
    this.#byPerson.set(personId, recent);
    this.#bytes += recent.bytes;
    while (this.#bytes > this.#limits.mostBytes) this.forget(this.#byPerson.keys().next().value!);
  }
}

function dropOldest(recent: Recent): void {
  const { id, bytes } = recent.places.shift()!;
  recent.from = id;
  recent.fromPosition += 1;
  recent.bytes -= bytes;
}
