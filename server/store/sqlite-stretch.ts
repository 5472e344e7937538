/** The digest of a stretch of a conversation, from the sums that are kept with its messages. */
import type { DatabaseSync } from 'node:sqlite';
import { emptyDigest, minus, type Digest } from '../protocol/digest.ts';
import type { Stretch } from '../protocol/requests.ts';
import type { Place } from './sqlite-read.ts';

export function createStretch(
  db: DatabaseSync,
  placeOf: (personId: string, peer: { with: string; withId?: string }) => Place | null | undefined,
) {
  const sumAt = db.prepare('SELECT digest FROM message WHERE conversation = ? AND seq = ?');

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
    // Also of a message that is not kept any more the sum is.
    const upToSeq = (seq: number) =>
      (sumAt.get(place.n, seq) as { digest: Digest } | undefined)?.digest ?? emptyDigest;
    return { ...range, digest: minus(upToSeq(high), upToSeq(low - 1)) };
  };
}
