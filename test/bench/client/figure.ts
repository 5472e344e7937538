/** One measured figure, and how figures are told: a table to read, and JSON to compare. */

export interface Figure {
  /** What a person waits for. */
  what: string;
  /** At most this much is wanted. */
  goal?: number;
  /** Milliseconds, one each run. */
  runs: number[];
}

export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, goal, runs }) => {
    const sorted = runs.toSorted((a, b) => a - b);
    const range = `${ms(sorted[0]!)} to ${ms(sorted.at(-1)!)}`;
    return `| ${what} | ${ms(median(runs))} | ${range} | ${goal === undefined ? '' : `< ${ms(goal)}`} |`;
  });
  return ['| what a person waits for | median | range | goal |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

export function jsonOf(figures: readonly Figure[]): string {
  return JSON.stringify(figures.map((figure) => ({ ...figure, median: median(figure.runs) })));
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
