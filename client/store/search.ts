/**
 * Searching everything that is on this device, without a network: all texts folded, in memory, while somebody searches.
 *
 * Reading fifty thousand messages takes a while, looking through them does not: so they are read once, in parts, and
 * after that only what changed. What is not on the device cannot be searched; how much that is, is said.
 */
import { onChange } from './changes.ts';
import { unsentPlace } from './conversations.ts';
import type { Database, MessageRow } from './database.ts';
import { fold, termsOf } from './fold.ts';

/** Rows in one transaction: whoever writes need not wait. */
const pageSize = 2_000;

interface Entry {
  fromId: string;
  id: string;
  place: number;
  /** ISO 8601. */
  at: string;
  folded: string;
}

/** A conversation as it was last read. */
interface Read {
  entries: Entry[];
  /** Nothing of what the server keeps is missing. */
  isWhole: boolean;
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
  readonly #db: Database;
  readonly #read = new Map<string, Read>();
  /** Conversations with news, by the other person's id; at first all are read. */
  #stale: Set<string> | 'all' = 'all';
  #reading: Promise<void> | undefined;
  readonly #stop: () => void;

  /** `onNews`: there may be more to find. */
  constructor(db: Database, onNews?: () => void) {
    this.#db = db;
    this.#stop = onChange((topics) => {
      const peers = topics.flatMap((topic) =>
        topic.startsWith('thread:') ? [topic.slice('thread:'.length)] : [],
      );
      if (peers.length === 0) return;
      if (this.#stale !== 'all') for (const peer of peers) this.#stale.add(peer);
      onNews?.();
    });
  }

  stop(): void {
    this.#stop();
  }

  async find(words: string, atMost: number): Promise<SearchAnswer> {
    while (this.#stale === 'all' || this.#stale.size > 0) {
      this.#reading ??= this.#readStale()
        .catch((error: unknown) => {
          this.#stale = 'all'; // what was not read is not to be taken for read
          throw error;
        })
        .finally(() => (this.#reading = undefined));
      await this.#reading;
    }
    const terms = termsOf(words);
    const read = [...this.#read.values()];
    const found = terms.length === 0 ? [] : read.flatMap(({ entries }) => entries.filter(hasAll(terms)));
    const latest = found.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, atMost);
    const hits = await this.#db.read(['messages', 'conversations'], async (tx) =>
      Promise.all(
        latest.map(async ({ fromId, id }) => {
          const message = await tx.objectStore('messages').get([fromId, id]);
          const conversation = message && (await tx.objectStore('conversations').get(message.peerId));
          return message && conversation ? [{ nick: conversation.nick, message }] : [];
        }),
      ),
    );
    return {
      hits: hits.flat(),
      isMore: found.length > atMost,
      incomplete: read.filter(({ isWhole }) => !isWhole).length,
    };
  }

  async #readStale(): Promise<void> {
    const stale = this.#stale;
    this.#stale = new Set();
    const all = await this.#db.read(['conversations'], (tx) => tx.objectStore('conversations').getAll());
    for (const { peerId, lastSeq, keptFrom = 1 } of all) {
      if (stale !== 'all' && !stale.has(peerId)) continue;
      const entries = await this.#readConversation(peerId);
      const here = entries.filter(
        ({ place }) => place >= keptFrom && place <= lastSeq && Number.isInteger(place),
      );
      this.#read.set(peerId, { entries, isWhole: here.length > lastSeq - keptFrom });
    }
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
        tx.objectStore('messages').index('thread').getAll(rest, pageSize),
      );
      for (const { fromId, id, place, text, acceptedAt, composedAt } of rows) {
        entries.push({ fromId, id, place, at: acceptedAt ?? composedAt, folded: fold(text) });
      }
      if (rows.length < pageSize) return entries;
      after = rows.at(-1)!.place;
    }
  }
}

/** What waits may be edited and moved: it is read anew. */
function isSettled(place: number): boolean {
  return place < unsentPlace / 2;
}

function hasAll(terms: readonly string[]): (entry: Entry) => boolean {
  return ({ folded }) => terms.every((term) => folded.includes(term));
}
