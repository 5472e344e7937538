/**
 * Networks as people really have them, as a list of what happens when. A seed makes a profile the same each time, so that
 * everybody who is compared goes through the same. Compressed: an hour on a train has no more tunnels than this minute.
 */
import { seededRandom } from '../../lab/reply.ts';

export interface Step {
  atMs: number;
  /** From now on. What is not said stays as it was. */
  line?: Partial<Line>;
  /** The browser is told. */
  notices?: 'offline' | 'online';
  /** Connections that are open lead nowhere from now on, and nobody is told. */
  forgets?: true;
}

export interface Line {
  isStalled: boolean;
  /** Each way. */
  delayMs: number;
  bytesPerSecond: number;
  lossRate: number;
}

export interface Profile {
  name: string;
  what: string;
  /** What it is like at its beginning, and again after its end. */
  start: Line;
  durationMs: number;
  /** In order of time. */
  steps: Step[];
}

const lte: Line = { isStalled: false, delayMs: 30, bytesPerSecond: 500_000, lossRate: 0 };
const durationMs = 75_000;
/** A phone takes so long to tell that there is no signal. */
const noticedAfterMs = 3_000;
/** Away for longer than this, a phone comes back with another address. */
const forgottenAfterMs = 8_000;

type Steps = (between: (low: number, high: number) => number) => Step[];

const kinds: Record<string, { what: string; start: Line; steps: Steps }> = {
  train: {
    what: 'tunnels of 3 to 14 s, fading in and out; after the long ones every connection is forgotten',
    start: { ...lte, delayMs: 50 },
    steps: inTurns([6_000, 12_000], (at, between) => {
      const [fadeMs, tunnelMs] = [between(1_000, 3_000), between(3_000, 14_000)];
      const [inAt, outAt] = [at + fadeMs, at + fadeMs + tunnelMs];
      const faded = { delayMs: 300, bytesPerSecond: 20_000, lossRate: 0.1 };
      const isNoticed = tunnelMs > noticedAfterMs + 1_000;
      return [
        { atMs: at, line: faded },
        { atMs: inAt, line: { isStalled: true } },
        ...(isNoticed ? [{ atMs: inAt + noticedAfterMs, notices: 'offline' } as const] : []),
        {
          atMs: outAt,
          line: { isStalled: false },
          ...(isNoticed ? { notices: 'online' } : {}),
          ...(tunnelMs > forgottenAfterMs ? { forgets: true } : {}),
        },
        { atMs: outAt + between(500, 2_000), line: { ...lte, delayMs: 50 } },
      ];
    }),
  },
  lift: {
    what: 'nothing for 4 to 9 s, again and again, and the browser never says offline',
    start: lte,
    steps: inTurns([7_000, 12_000], (at, between) => [
      { atMs: at, line: { isStalled: true } },
      { atMs: at + between(4_000, 9_000), line: { isStalled: false } },
    ]),
  },
  festival: {
    what: '0.4 to 3 s each way at 2 to 10 kB/s, 15 % loss, and now and then nothing for 3 to 8 s',
    start: { isStalled: false, delayMs: 800, bytesPerSecond: 6_000, lossRate: 0.15 },
    steps: inTurns([2_000, 4_000], (at, between) => {
      const crowd = { delayMs: between(400, 3_000), bytesPerSecond: between(2_000, 10_000) };
      if (between(0, 1) > 0.2) return [{ atMs: at, line: crowd }];
      return [
        { atMs: at, line: { isStalled: true } },
        { atMs: at + between(3_000, 8_000), line: { isStalled: false, ...crowd } },
      ];
    }),
  },
  '2G': {
    what: 'round trips of 2 s at 5 kB/s, and nothing else',
    start: { isStalled: false, delayMs: 1_000, bytesPerSecond: 5_000, lossRate: 0 },
    steps: () => [],
  },
  loss: {
    what: '30 % of all packets are lost, on a line of 80 ms round trip',
    start: { ...lte, delayMs: 40, lossRate: 0.3 },
    steps: () => [],
  },
};

export const profileNames: readonly string[] = Object.keys(kinds);

/** What a network is like once all is over, for whoever has something left to say. */
export const goodLine = lte;

export function profileOf(name: string, seed: number): Profile {
  const { what, start, steps } = kinds[name]!;
  const random = seededRandom(seed + profileNames.indexOf(name));
  const between = (low: number, high: number) => low + random() * (high - low);
  return { name, what, start, durationMs, steps: steps(between) };
}

/** When each of the two presses Send, in ms; the same for everybody who is compared. */
export function sendingTimes(seed: number, meanGapMs: number): number[] {
  const random = seededRandom(seed);
  const times: number[] = [];
  for (let at = 1_000; at < durationMs; at += Math.max(300, -Math.log(1 - random()) * meanGapMs))
    times.push(at);
  return times;
}

/** Something happens, then it is as at the start for a while, and so on until the end. */
function inTurns(
  [shortestMs, longestMs]: [number, number],
  turn: (at: number, between: (low: number, high: number) => number) => Step[],
): Steps {
  return (between) => {
    const steps: Step[] = [];
    for (let at = between(2_000, 5_000); at < durationMs - 5_000;) {
      const next = turn(at, between);
      steps.push(...next);
      at = next.at(-1)!.atMs + between(shortestMs, longestMs);
    }
    return steps.filter(({ atMs }) => atMs < durationMs);
  };
}
