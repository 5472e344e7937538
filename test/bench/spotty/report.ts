/** The spotty networks as a table to read and as a picture: a dot for each message, by how long it took. */
import { bar, dot, line, picture, words } from '../chart.ts';
import { percentile, type Direction } from './figures.ts';
import type { Run } from './run-profile.ts';
import type { Result } from './talk.ts';

export function tableOf(runs: readonly Run[]): string {
  const head = [
    'network',
    'by',
    'from the phone: p50, p95, longest',
    'to the phone: p50, p95, longest',
    'missing 45 s after the end',
    'twice',
    'out of order',
    'requests',
    'timers fired',
    'kB up, down',
  ];
  const rows = runs.flatMap(({ profile, results }) =>
    results.map(({ contender, out, back, requests, wakeUps, upBytes, downBytes }) => {
      const both = (of: (direction: Direction) => number) => of(out) + of(back);
      return [
        profile.name,
        contender,
        spread(out),
        spread(back),
        `${both(({ lost }) => lost)} of ${both(({ sent }) => sent)}`,
        both(({ twice }) => twice),
        both(({ outOfOrder }) => outOfOrder),
        requests,
        wakeUps,
        `${Math.round(upBytes / 1000)}, ${Math.round(downBytes / 1000)}`,
      ];
    }),
  );
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function spread(direction: Direction): string {
  return [0.5, 0.95, 1].map((share) => seconds(percentile(direction, share))).join(', ');
}

function seconds(ms: number): string {
  if (ms === Infinity) return 'never';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(1))} s`;
}

const colours = { out: '#27c', back: '#e90' };
const width = 1_000;
const left = 170;
const right = 790;
const rowHeight = 34;
const [shortestMs, longestMs] = [10, 100_000];

export function distributionsOf(runs: readonly Run[]): string {
  const x = (ms: number) => {
    const share = Math.log(Math.max(ms, shortestMs) / shortestMs) / Math.log(longestMs / shortestMs);
    return left + Math.min(1, share) * (right - left);
  };
  const parts = [
    words(10, 20, 'From pressing Send until it stands on the other phone: one dot a message', {
      size: 14,
      bold: true,
    }),
    dot(16, 38, 4, { fill: colours.out }),
    words(26, 42, 'from the phone on that network'),
    dot(226, 38, 4, { fill: colours.back }),
    words(236, 42, 'to it'),
    words(290, 42, 'strokes: half of all are faster, 95 % are faster; at the right edge: never', {
      fill: '#666',
    }),
  ];
  let y = 66;
  for (const { profile, results } of runs) {
    parts.push(words(10, y, `${profile.name}: ${profile.what}`, { bold: true }));
    const top = y + 8;
    const bottom = top + results.length * rowHeight;
    for (const ms of [10, 100, 1_000, 10_000, 100_000]) {
      parts.push(line(x(ms), top, x(ms), bottom));
      parts.push(words(x(ms), bottom + 13, seconds(ms), { anchor: 'middle', size: 11, fill: '#666' }));
    }
    results.forEach((result, at) => parts.push(...rowOf(result, top + at * rowHeight, x)));
    y = bottom + 42;
  }
  return picture(width, y - 20, parts);
}

function rowOf({ contender, out, back }: Result, top: number, x: (ms: number) => number): string[] {
  const problems = [
    [out.lost + back.lost, 'missing'],
    [out.twice + back.twice, 'twice'],
    [out.outOfOrder + back.outOfOrder, 'out of order'],
  ] as const;
  const said = problems.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
  return [
    words(left - 12, top + 21, contender, { anchor: 'end' }),
    ...(['out', 'back'] as const).flatMap((way, lane) => {
      const direction = way === 'out' ? out : back;
      const { delays } = direction;
      const y = top + 10 + lane * 13;
      const strokes = [0.5, 0.95].map((share) =>
        bar(x(percentile(direction, share)) - 1, y - 6, 2, 12, { fill: '#222' }),
      );
      return [...delays.map((ms) => dot(x(ms), y, 3, { fill: colours[way], opacity: 0.4 })), ...strokes];
    }),
    words(right + 14, top + 21, said.length === 0 ? 'all there, once, in order' : said.join(', '), {
      fill: said.length === 0 ? '#2a7' : '#c33',
    }),
  ];
}
