/**
 * Up to where this device and the server tell the same story of a conversation, after the server's data went back in
 * time. Seqs count from 1 without holes, so what agrees at one seq agrees at every one below it. Pure functions only.
 */
import type { Message } from '../../server/protocol/requests.ts';

/** A message by its name and its place. */
export type Placed = Pick<Message, 'seq' | 'fromId' | 'id'>;

/**
 * The highest seq up to which both have the same messages; undefined if they differ from the first of these on.
 * Counted from below: on top there may stand what was sent since, which the server has and knows where.
 */
export function lastAgreement(here: readonly Placed[], onServer: readonly Placed[]): number | undefined {
  const there = new Map(onServer.map((message) => [message.seq, nameOf(message)]));
  let agreed: number | undefined;
  for (const message of here.toSorted((a, b) => a.seq - b.seq)) {
    if (there.get(message.seq) !== nameOf(message)) break;
    agreed = message.seq;
  }
  return agreed;
}

/**
 * What of a conversation is only here, oldest first: above the agreement, and not among what the server is known to
 * have. What it has all the same, further on than was looked, does no harm: offered again it is a duplicate.
 */
export function onlyHere<T extends Placed>(
  here: readonly T[],
  onServer: readonly Placed[],
  agreed: number,
): T[] {
  const there = new Set(onServer.map(nameOf));
  return here
    .filter((message) => message.seq > agreed && !there.has(nameOf(message)))
    .toSorted((a, b) => a.seq - b.seq);
}

/** Places behind `agreed` and before the next seq, for what has lost its own and is to stay readable where it stood. */
export function placesAfter(agreed: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => agreed + (index + 1) / (count + 1));
}

/** The key of a message everywhere: an id is a name within its sender only. */
function nameOf({ fromId, id }: Placed): string {
  return `${fromId} ${id}`;
}
