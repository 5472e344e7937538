/** The digest of a stretch of a conversation, from the sums that are kept with its messages. */
import type { DatabaseSync } from 'node:sqlite';
import { digestOf, emptyDigest, minus, plus, type Digest } from '../protocol/digest.ts';
import type { Stretch } from '../protocol/requests.ts';
import type { Place } from './sqlite-read.ts';

interface End {
  seq: number;
  fromId: string;
  id: string;
  text: string;
  /** Of everything up to it, itself included. */
  digest: Digest;
}

export function createStretch(
  db: DatabaseSync,
  placeOf: (personId: string, peer: { with: string; withId?: string }) => Place | null | undefined,
) {
  const at = db.prepare(`
    SELECT m.seq, f.id AS fromId, m.id, m.text, m.digest
    FROM message m JOIN person f ON f.n = m.sender WHERE m.conversation = ? AND m.seq = ?`);

  return function stretch(
    personId: string,
    peer: { with: string; withId?: string },
    from: number,
    upTo: number,
  ): Stretch | undefined {
    const place = placeOf(personId, peer);
    if (place === undefined) return undefined;
    const [first, last] = place ? [place.pruned_to + 1, place.last_seq] : [0, 0];
    const [low, high] = [Math.max(from, first), Math.min(upTo, last)];
    const range = { first, last, from: low, upTo: high };
    if (!place || low > high || last === 0) return { ...range, digest: emptyDigest };
    const [lowest, highest] = [low, high].map((seq) => at.get(place.n, seq) as unknown as End);
    // Without the sum before it, whose message may not be kept any more.
    return { ...range, digest: plus(minus(highest!.digest, lowest!.digest), digestOf(lowest!)) };
  };
}
