/** The lifetimes as a table to read and as a picture: one row a way, one bar a stream. */
import { bar, line, picture, words } from '../chart.ts';
import { median } from '../client/figure.ts';
import type { Life } from './lives.ts';
import type { Outcome } from './run-case.ts';

export function tableOf(outcomes: readonly Outcome[]): string {
  const head = [
    'in the way',
    'heartbeat',
    'streams',
    'what ended them',
    'cut to caught up, median (longest)',
    'bytes a cut',
    'messages',
    'lost',
    'twice',
    'message on its way, median (longest)',
  ];
  const rows = outcomes.map((outcome) => {
    const { what, heartbeatMs, lives, cuts, polls, sent, lost, twice, delays } = outcome;
    return [
      what,
      heartbeatMs > outcome.tookMs ? 'none' : `${heartbeatMs / 1000} s`,
      `${lives.length}${polls > 0 ? `, then ${polls} polls` : ''}`,
      endsOf(lives),
      range(cuts.map(({ ms }) => ms)),
      cuts.length === 0 ? '–' : `${(median(cuts.map(({ bytes }) => bytes)) / 1000).toFixed(1)} kB`,
      sent,
      lost,
      twice,
      range(delays),
    ];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function endsOf(lives: readonly Life[]): string {
  const counts = Map.groupBy(lives, (life) => (life.caughtUp ? says[life.end] : 'never came through'));
  return [...counts].map(([end, group]) => `${group.length} × ${end}`).join(', ');
}

const says = {
  planned: 'its planned end',
  cut: 'cut',
  forgotten: 'forgotten silently',
  left: 'left by the page',
  lasts: 'still open',
} as const;

function range(values: readonly number[]): string {
  if (values.length === 0) return '–';
  return `${Math.round(median(values))} ms (${Math.round(Math.max(...values))})`;
}

const colours = { planned: '#2a7', cut: '#c33', forgotten: '#b6b', left: '#e90', lasts: '#27c' } as const;
const left = 330;
const width = 1_000;
const rowHeight = 30;
const top = 64;

export function timelineOf(outcomes: readonly Outcome[]): string {
  const longestMs = Math.max(...outcomes.map(({ tookMs }) => tookMs));
  const x = (ms: number) => left + (Math.max(0, ms) / longestMs) * (width - left - 20);
  const bottom = top + outcomes.length * rowHeight;
  const stepMs = longestMs > 400_000 ? 60_000 : 20_000;
  const steps = Array.from({ length: Math.floor(longestMs / stepMs) + 1 }, (_, at) => at * stepMs);
  const grid = steps.flatMap((ms) => [
    line(x(ms), top - 8, x(ms), bottom),
    words(x(ms), bottom + 16, `${ms / 1000} s`, { anchor: 'middle', fill: '#666' }),
  ]);
  const legend = Object.entries(says).flatMap(([end, text], at) => [
    bar(left + at * 132, 34, 12, 12, { fill: colours[end as Life['end']] }),
    words(left + 17 + at * 132, 44, text, { fill: '#444' }),
  ]);
  const rows = outcomes.flatMap(({ name, lives, cuts, polls }, at) => {
    const y = top + at * rowHeight;
    const note = polls > 0 ? 'long poll' : cuts.length > 0 ? range(cuts.map(({ ms }) => ms)) : 'no cut';
    return [
      words(10, y + 15, name, { bold: true }),
      words(left - 10, y + 15, note, { anchor: 'end', fill: '#666' }),
      ...lives.map(({ startedAt, endedAt, end, caughtUp }) =>
        bar(x(startedAt), y + 3, x(endedAt) - x(startedAt) - 1, 16, {
          fill: colours[end],
          opacity: caughtUp ? 1 : 0.3,
        }),
      ),
    ];
  });
  const title =
    'Lives of event streams, by what is in the way. Beside the name: from a cut until caught up. Pale: never caught up.';
  return picture(width, bottom + 30, [
    words(10, 20, title, { size: 14, bold: true }),
    ...legend,
    ...grid,
    ...rows,
  ]);
}
