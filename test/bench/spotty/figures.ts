/** What one direction of a conversation came to: from texts and times to figures. Pure. */

export interface Direction {
  sent: number;
  /** In ms, from pressing Send until the text stood on the other phone, in order of sending; without what was lost. */
  delays: number[];
  lost: number;
  twice: number;
  /** Stood behind one that was sent later. */
  outOfOrder: number;
}

/** `pressedAt`: text → when Send was pressed, oldest first. `shown`: the texts on the other phone in the end, from the top. */
export function directionOf(
  pressedAt: ReadonlyMap<string, number>,
  seenAt: ReadonlyMap<string, number>,
  shown: readonly string[],
): Direction {
  const sent = [...pressedAt.keys()];
  const places = new Map(sent.map((text, place) => [text, place]));
  const ours = shown.flatMap((text) => places.get(text) ?? []);
  const firsts = [...new Set(ours)];
  let latest = -1;
  let outOfOrder = 0;
  for (const place of firsts) {
    if (place < latest) outOfOrder += 1;
    latest = Math.max(latest, place);
  }
  return {
    sent: sent.length,
    delays: sent.flatMap((text) => (seenAt.has(text) ? [seenAt.get(text)! - pressedAt.get(text)!] : [])),
    lost: sent.filter((text) => !seenAt.has(text)).length,
    twice: ours.length - firsts.length,
    outOfOrder,
  };
}

/** The delay that so many of all that were sent stay within; of what was lost it is endless. A `share` of 1 is the longest. */
export function percentile({ delays, lost }: Pick<Direction, 'delays' | 'lost'>, share: number): number {
  const sorted = [...delays.toSorted((a, b) => a - b), ...Array.from({ length: lost }, () => Infinity)];
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
