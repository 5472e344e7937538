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
  readonly #entries = new Map<string, Entry[]>();
  #incomplete = 0;
  #isStale = true;
  #reading: Promise<void> | undefined;
  readonly #stop: () => void;

  /** `onNews`: there may be more to find. */
  constructor(db: Database, onNews?: () => void) {
    this.#db = db;
    this.#stop = onChange((topics) => {
      if (!topics.some((topic) => topic === 'conversations' || topic.startsWith('thread:'))) return;
      this.#isStale = true;
      onNews?.();
    });
  }

  stop(): void {
    this.#stop();
  }

  /** Reads what is new on the device; said early, the first search is quick. */
  async prepare(): Promise<void> {
    while (this.#isStale) {
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
      await this.#reading;
    }
  }

  async find(words: string, atMost: number): Promise<SearchAnswer> {
    await this.prepare();
    const terms = termsOf(words);
    const found =
      terms.length === 0 ? [] : [...this.#entries.values()].flatMap((all) => all.filter(hasAll(terms)));
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
    return { hits: hits.flat(), isMore: found.length > atMost, incomplete: this.#incomplete };
  }

  async #read(): Promise<void> {
    this.#isStale = false;
    const conversations = await this.#db.read(['conversations'], (tx) =>
      tx.objectStore('conversations').getAll(),
    );
    let incomplete = 0;
    for (const { peerId, lastSeq } of conversations) {
      const entries = await this.#readConversation(peerId);
      this.#entries.set(peerId, entries);
      if (entries.filter(({ place }) => place <= lastSeq && Number.isInteger(place)).length < lastSeq)
        incomplete += 1;
    }
    this.#incomplete = incomplete;
  }

  /** All of it; of what was read before only what came after, as long as nothing else can have changed. */
  async #readConversation(peerId: string): Promise<Entry[]> {
    const known = (this.#entries.get(peerId) ?? []).filter(({ place }) => isSettled(place));
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
