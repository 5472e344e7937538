/** What a row of streams, one after the other, cost: from the meter's notes to figures. Pure. */
import type { Exchange } from './stream-meter.ts';

/** One stream. */
export interface Life {
  startedAt: number;
  /** When nothing came through any more: before the page noticed, where something forgot it silently. */
  endedAt: number;
  /** `planned`: the answer ended in order; `cut`; `forgotten`: silently; `left`: by the page; `lasts`: it is still open. */
  end: 'planned' | 'cut' | 'forgotten' | 'left' | 'lasts';
  caughtUp: boolean;
}

/** One interruption, until the next stream has caught up. */
export interface Cut {
  end: Life['end'];
  ms: number;
  /** Of all requests in that time that came of it, both ways. */
  bytes: number;
  /** So many streams were asked for. */
  tries: number;
}

const isStream = ({ path }: Exchange) => path.includes('stream=');
/** Asked after each `ack`, or to find out why a stream failed. */
const comesOfIt = ({ path }: Exchange) => /^\/api\/(people|session|sync|events)\b/.test(path);
/** What is asked for after a stream has caught up comes of it, for so long. */
const afterwardsMs = 500;

export function livesOf(exchanges: readonly Exchange[], forgotten: readonly number[], now: number): Life[] {
  return exchanges.filter(isStream).map(({ startedAt, endedAt = now, end, caughtUp }) => {
    const forgottenAt = forgotten.find((at) => at >= startedAt && at <= endedAt);
    const way = { whole: 'planned', cut: 'cut', left: 'left' } as const;
    return {
      startedAt,
      endedAt: forgottenAt ?? endedAt,
      end: forgottenAt !== undefined ? 'forgotten' : end === undefined ? 'lasts' : way[end],
      caughtUp: caughtUp !== undefined,
    };
  });
}

export function cutsOf(exchanges: readonly Exchange[], lives: readonly Life[]): Cut[] {
  const streams = exchanges.filter(isStream);
  return lives.flatMap(({ end, endedAt, caughtUp }, index) => {
    // A stream that never worked is a try within the cut before it.
    if (!caughtUp || end === 'lasts') return [];
    const next = streams.findIndex((stream, at) => at > index && stream.caughtUp !== undefined);
    const back = streams[next]?.caughtUp;
    if (!back) return [];
    const others = exchanges.filter(
      (exchange) =>
        !streams.includes(exchange) &&
        comesOfIt(exchange) &&
        exchange.startedAt >= endedAt &&
        exchange.startedAt <= back.at + afterwardsMs,
    );
    const inVain = streams.slice(index + 1, next);
    const bytes = [...others, ...inVain].reduce(
      (sum, { upBytes, downBytes }) => sum + upBytes + downBytes,
      0,
    );
    return [{ end, ms: back.at - endedAt, bytes: bytes + back.bytes, tries: next - index }];
  });
}
