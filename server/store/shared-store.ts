/**
 * A store that several nodes share: each of them writes to it, so each has to look what the others did. The bus tells it
 * sooner where there is one; this is what makes it certain.
 */
import type { EventStore } from './event-store.ts';

export interface Glance {
  /** Of each person asked for, the position of the last event of their inbox. */
  heads: [personId: string, position: number][];
  /** Of the sessions asked for, those that have ended, by the hashes of their tokens. */
  ended: string[];
  /** Grows with each change of what `discretion()` answers. */
  discretion: number;
}

export interface SharedStore extends EventStore {
  /** One query, whatever is asked for: each node asks every 2 s, and every second without a bus between them. */
  glance(asked: { personIds: readonly string[]; tokenHashes: readonly string[] }): Promise<Glance>;
}
