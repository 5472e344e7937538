/** One measured figure, and how figures are told: a table to read, and JSON to compare. */

export interface Figure {
  /** What a person waits for. */
  what: string;
  /** What is wanted: at most this, or at least for points. */
  goal?: number;
  /** What must be. */
  must?: number;
  /** Other chats that run from one's own server, measured the same way: from the best to the worst of them. */
  others?: readonly [best: number, worst: number];
  /** Milliseconds, if nothing is said. */
  unit?: 'ms' | 'bytes' | 'points' | 'times';
  /** One each run. */
  runs: number[];
}

export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, goal, must, others, unit = 'ms', runs }) => {
    const say = (value: number) => written(value, unit);
    const sorted = runs.toSorted((a, b) => a - b);
    const range = `${say(sorted[0]!)} to ${say(sorted.at(-1)!)}`;
    const limit = (value: number | undefined) => (value === undefined ? '' : `${sign(unit)} ${say(value)}`);
    const beside = others ? `${say(others[0])} to ${say(others[1])}` : '';
    return `| ${[what, say(median(runs)), range, limit(must), limit(goal), beside].join(' | ')} |`;
  });
  const head = ['what a person waits for', 'median', 'range', 'must', 'goal', 'other chats'];
  return [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows].join('\n');
}

export function jsonOf(figures: readonly Figure[]): string {
  return JSON.stringify(figures.map((figure) => ({ ...figure, median: median(figure.runs) })));
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

type Unit = NonNullable<Figure['unit']>;

const sign = (unit: Unit) => (unit === 'points' ? '≥' : '≤');

function written(value: number, unit: Unit): string {
  if (unit === 'bytes') return `${(value / 1_000).toFixed(1)} kB`;
  const short = value % 1 !== 0 && value < 10 ? value.toFixed(value < 1 ? 3 : 1) : String(Math.round(value));
  return unit === 'ms' ? `${short} ms` : short;
}
