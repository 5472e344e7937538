/**
 * Searching everything that is on this device, without a network: all texts folded, in memory, once somebody searches.
 *
 * Reading fifty thousand messages takes a while, looking through them does not: so they are read once, in slices that
 * hold up nobody's finger, and after that only what changed. What is not on the device cannot be searched; how much that
 * is, is said.
 */
import { onChange } from './changes.ts';
import { unsentPlace } from './conversations.ts';
import type { ConversationRow, Database, MessageRow } from './database.ts';
import { fold, termsOf } from './fold.ts';

/** Rows in one transaction: whoever writes need not wait, nor does whoever types. */
const sliceSize = 400;

/** As little of a message as is needed to find it: there are many. */
interface Entry {
  /** Written by the person of this device; else by the other one. */
  isOwn: boolean;
  id: string;
  place: number;
  /** When it was sent, or else composed, in ms. */
  at: number;
  folded: string;
}

/** A conversation as it was last read. */
interface Read {
  /** By their place. */
  entries: Entry[];
  /** Nothing of what the server keeps is missing. */
  isWhole: boolean;
}

interface Found {
  peerId: string;
  entry: Entry;
}

export interface SearchHit {
  nick: string;
  message: MessageRow;
}

export interface SearchAnswer {
  /** The latest first. */
  hits: SearchHit[];
  /** More were found than are told. */
  isMore: boolean;
  /** Conversations of which a part is only on the server. */
  incomplete: number;
}

export class MessageSearch {
  /** There may be more to find. */
  onNews: (() => void) | undefined;
  readonly #db: Database;
  readonly #read = new Map<string, Read>();
  /** Conversations with news, by the other person's id; at first all are read. */
  #stale: Set<string> | 'all' = 'all';
  #reading: Promise<void> | undefined;
  readonly #stop: () => void;

  constructor(db: Database) {
    this.#db = db;
    this.#stop = onChange((topics) => {
      const peers = topics.flatMap((topic) =>
        topic.startsWith('thread:') ? [topic.slice('thread:'.length)] : [],
      );
      if (peers.length === 0) return;
      if (this.#stale !== 'all') for (const peer of peers) this.#stale.add(peer);
      this.onNews?.();
    });
  }

  stop(): void {
    this.#stop();
  }

  /** Reads what is not read yet, so that the answer to come is there at once. */
  async prepare(): Promise<void> {
    while (this.#reading || this.#stale === 'all' || this.#stale.size > 0) {
      this.#reading ??= this.#readStale()
        .catch((error: unknown) => {
          this.#stale = 'all'; // what was not read is not to be taken for read
          throw error;
        })
        .finally(() => (this.#reading = undefined));
      await this.#reading;
    }
  }

  async find(words: string, atMost: number): Promise<SearchAnswer> {
    await this.prepare();
    const { latest, count } = this.#lookFor(termsOf(words), atMost);
    const hits = await this.#db.read(['messages', 'conversations'], async (tx) =>
      Promise.all(
        latest.map(async ({ peerId, entry: { isOwn, id } }) => {
          const [message, conversation] = await Promise.all([
            tx.objectStore('messages').get([isOwn ? this.#db.personId : peerId, id]),
            tx.objectStore('conversations').get(peerId),
          ]);
          return message && conversation ? [{ nick: conversation.nick, message }] : [];
        }),
      ),
    );
    return {
      hits: hits.flat(),
      isMore: count > atMost,
      incomplete: [...this.#read.values()].filter(({ isWhole }) => !isWhole).length,
    };
  }

  #lookFor(terms: readonly string[], atMost: number): { latest: Found[]; count: number } {
    let latest: Found[] = [];
    let count = 0;
    if (terms.length === 0) return { latest, count };
    let oldest = -Infinity;
    for (const [peerId, { entries }] of this.#read) {
      for (const entry of entries) {
        if (!terms.every((term) => entry.folded.includes(term))) continue;
        count += 1;
        if (entry.at < oldest) continue;
        latest.push({ peerId, entry });
        // Sorted now and then, and only what may still be told.
        if (latest.length < 2 * atMost) continue;
        latest = latestOf(latest, atMost);
        oldest = latest.at(-1)!.entry.at;
      }
    }
    return { latest: latestOf(latest, atMost), count };
  }

  async #readStale(): Promise<void> {
    const stale = this.#stale;
    this.#stale = new Set();
    const all = stale === 'all' ? await this.#readAll() : undefined;
    const rows = await this.#db.read(['conversations'], (tx) => tx.objectStore('conversations').getAll());
    for (const row of rows) {
      if (stale !== 'all' && !stale.has(row.peerId)) continue;
      const entries = all ? (all.get(row.peerId) ?? []) : await this.#readConversation(row.peerId);
      this.#read.set(row.peerId, { entries, isWhole: hasNoHole(row, entries) });
    }
  }

  /** Everything there is, in the order of its keys: no index is as fast. */
  async #readAll(): Promise<Map<string, Entry[]>> {
    const all = new Map<string, Entry[]>();
    let after: IDBKeyRange | undefined;
    for (;;) {
      const rows = await this.#readSlice(after);
      for (const row of rows) {
        const entries = all.get(row.peerId);
        if (entries) entries.push(entryOf(row));
        else all.set(row.peerId, [entryOf(row)]);
      }
      const last = rows.at(-1);
      if (!last || rows.length < sliceSize) break;
      after = IDBKeyRange.lowerBound([last.fromId, last.id], true);
    }
    for (const entries of all.values()) entries.sort((a, b) => a.place - b.place);
    return all;
  }

  #readSlice(after: IDBKeyRange | undefined): Promise<MessageRow[]> {
    return this.#db.read(['messages'], (tx) => tx.objectStore('messages').getAll(after, sliceSize));
  }

  /** All of it; of what was read before only what came after, as long as nothing else can have changed. */
  async #readConversation(peerId: string): Promise<Entry[]> {
    const known = (this.#read.get(peerId)?.entries ?? []).filter(({ place }) => isSettled(place));
    const lastPlace = known.at(-1)?.place ?? -1;
    const upTo = IDBKeyRange.bound([peerId], [peerId, lastPlace]);
    const count = await this.#db.read(['messages'], (tx) =>
      tx.objectStore('messages').index('thread').count(upTo),
    );
    const entries = count === known.length ? known : [];
    let after = entries.at(-1)?.place ?? -1;
    for (;;) {
      const rest = IDBKeyRange.bound([peerId, after], [peerId, []], true);
      const rows = await this.#db.read(['messages'], (tx) =>
        tx.objectStore('messages').index('thread').getAll(rest, sliceSize),
      );
      for (const row of rows) entries.push(entryOf(row));
      if (rows.length < sliceSize) return entries;
      after = rows.at(-1)!.place;
    }
  }
}

function entryOf({ fromId, peerId, toId, id, place, text, acceptedAt, composedAt }: MessageRow): Entry {
  return {
    isOwn: fromId !== peerId || toId === peerId,
    id,
    place,
    at: Date.parse(acceptedAt ?? composedAt),
    folded: fold(text),
  };
}

function hasNoHole({ lastSeq, keptFrom = 1 }: ConversationRow, entries: readonly Entry[]): boolean {
  const here = entries.filter(
    ({ place }) => place >= keptFrom && place <= lastSeq && Number.isInteger(place),
  );
  return here.length > lastSeq - keptFrom;
}

/** What waits may be edited and moved: it is read anew. */
function isSettled(place: number): boolean {
  return place < unsentPlace / 2;
}

function latestOf(found: Found[], atMost: number): Found[] {
  return found.toSorted((a, b) => b.entry.at - a.entry.at).slice(0, atMost);
}
