/** What the dials of the lab can be set to, the journeys that turn them by themselves, and all of it in words. Pure. */

export interface Dials {
  /** No network at all. */
  tunnel: boolean;
  /** Connected, but nothing gets through. */
  stalled: boolean;
  /** Somebody else answers every request with a page of theirs. */
  portal: boolean;
  /** Every connection is cut every few seconds. */
  cuts: boolean;
  /** On each connection, each way; 0 for as fast as it goes. */
  kbit: number;
  /** Each way. */
  delayMs: number;
  /** What a proxy gathers before it passes it on; 0 for nothing. */
  bufferKiB: number;
}

export const calm: Dials = {
  tunnel: false,
  stalled: false,
  portal: false,
  cuts: false,
  kbit: 0,
  delayMs: 0,
  bufferKiB: 0,
};

interface Stretch {
  says: string;
  dials: Partial<Dials>;
  /** At least and at most. */
  seconds: [number, number];
}

/** The stretches follow each other, round and round. */
export const journeys = {
  train: [
    { says: 'Open country', dials: { kbit: 2_000, delayMs: 60 }, seconds: [15, 30] },
    { says: 'Between two masts', dials: { kbit: 64, delayMs: 400 }, seconds: [6, 12] },
    { says: 'In a tunnel', dials: { tunnel: true }, seconds: [8, 20] },
    { says: 'Out again', dials: { kbit: 500, delayMs: 150 }, seconds: [5, 10] },
    { says: 'At the station, its Wi-Fi wants a click', dials: { portal: true }, seconds: [6, 10] },
  ],
  lift: [
    { says: 'On the landing', dials: {}, seconds: [10, 20] },
    { says: 'The doors close', dials: { kbit: 32, delayMs: 300, cuts: true }, seconds: [3, 6] },
    { says: 'Between two floors', dials: { stalled: true }, seconds: [3, 6] },
    { says: 'In the middle of the building', dials: { tunnel: true }, seconds: [6, 15] },
  ],
  festival: [
    { says: 'Forty thousand phones', dials: { kbit: 48, delayMs: 900 }, seconds: [15, 25] },
    { says: 'The encore, filmed by all', dials: { stalled: true }, seconds: [5, 12] },
    { says: 'Between two concerts', dials: { kbit: 128, delayMs: 500, cuts: true }, seconds: [10, 20] },
  ],
  '2g': [{ says: 'One bar, 2G', dials: { kbit: 50, delayMs: 1_000 }, seconds: [60, 60] }],
} as const satisfies Record<string, readonly Stretch[]>;

export type JourneyName = keyof typeof journeys;
export const journeyNames = Object.keys(journeys) as JourneyName[];

/** The stretch of a journey, and how long it lasts. */
export function stretchOf(name: JourneyName, index: number, random: () => number) {
  const stretches: readonly Stretch[] = journeys[name];
  const { says, dials, seconds } = stretches[index % stretches.length]!;
  const lastsMs = 1_000 * (seconds[0] + random() * (seconds[1] - seconds[0]));
  return { says, dials: { ...calm, ...dials }, lastsMs };
}

export interface Condition {
  says: string;
  is: 'good' | 'weak' | 'off';
}

export function describe(dials: Dials): Condition {
  if (dials.tunnel) return { says: 'No network at all', is: 'off' };
  if (dials.portal) return { says: 'A captive portal answers in the place of the server', is: 'off' };
  if (dials.stalled) return { says: 'Connected, but nothing gets through', is: 'off' };
  const parts = [
    dials.kbit > 0 && `${dials.kbit.toLocaleString('en')} kbit/s`,
    dials.delayMs > 0 && `${dials.delayMs.toLocaleString('en')} ms each way`,
    dials.cuts && 'cuts every few seconds',
    dials.bufferKiB > 0 && `a proxy that gathers ${dials.bufferKiB} KiB`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return { says: 'Everything works', is: 'good' };
  const text = parts.join(', ');
  return { says: text.charAt(0).toUpperCase() + text.slice(1), is: 'weak' };
}
