/** What of the results goes where in the README: its tables and pictures. */
import { valuesOf, type Results, type Run } from './results.ts';
import { peers } from './peers/peers.ts';
import { growth, growthSizes } from './scenarios/growth.ts';
import { scenarios } from './scenarios/scenarios.ts';
import { barsOf, linesOf, type Line } from './plot.ts';
import { exponent, median } from './statistics.ts';
import { imprint, listOf, tableOf, type Row } from './table.ts';

/** Marker → text. */
export function tablesOf(results: Results): Record<string, string> {
  const texts: Record<string, string> = { machine: imprint(results) };
  for (const scenario of scenarios) {
    const byPeer = results.runs[scenario.name];
    if (!byPeer) continue;
    const rows = peers
      .filter(({ name }) => byPeer[name])
      .map(({ name, title, isDurable }) => ({ title, isDurable, runs: byPeer[name]! }));
    const own = byPeer['opentalk'] ?? [];
    const isAlone = peers.filter((peer) => scenario.isFor(peer)).length === 1;
    for (const { name, figures } of scenario.tables) {
      if (scenario === growth) texts[name] = tableOf(figures, rowsBySize(own));
      else texts[name] = isAlone ? listOf(figures, own) : tableOf(figures, rows);
    }
  }
  if (texts['growth'] !== undefined) texts['growth'] += growthSentence(growthLines(results));
  if (texts['crowd'] !== undefined) texts['crowd'] += growthSentence(connectionLine(results));
  return texts;
}

export interface Picture {
  /** The markers in which it stands, before the table. */
  place: string;
  file: string;
  title: string;
  svg: string;
}

export function picturesOf(results: Results): Picture[] {
  const pictures: Picture[] = [];
  for (const { place, scenario, key, title, digits } of charts) {
    const bars = peers.flatMap(({ name, title: label, isDurable }) => {
      const values = valuesOf(results.runs[scenario]?.[name] ?? [], key);
      if (values.length === 0) return [];
      const value = median(values);
      const text = value.toLocaleString('en', { maximumFractionDigits: digits });
      return [{ label: `${label}${isDurable ? ' †' : ''}`, value, text, isOwn: name === 'opentalk' }];
    });
    if (bars.length > 1)
      pictures.push({ place, file: `bench-${place}.svg`, title, svg: barsOf(title, bars) });
  }
  const lines = growthLines(results);
  const title = 'CPU µs by how many messages are stored';
  if (lines.length > 0) {
    pictures.push({ place: 'growth', file: 'bench-growth.svg', title, svg: linesOf(title, lines) });
  }
  return pictures;
}

const charts = [
  {
    place: 'messages-1',
    scenario: 'messages-1',
    key: 'cpuUs',
    title: 'CPU µs a message, one a request (less is better)',
    digits: 0,
  },
  {
    place: 'crowd',
    scenario: 'crowd',
    key: 'manyBytes',
    title: 'Memory of an idle connection in kB, 10,000 open (less is better)',
    digits: 1,
  },
  {
    place: 'storm',
    scenario: 'storm',
    key: 'seconds',
    title: 'Seconds until 5,000 phones have 100 events each (less is better)',
    digits: 1,
  },
];

/** What was measured with so many messages stored, a size a row. */
function rowsBySize(runs: readonly Run[]): Row[] {
  const sizes = growthSizes.filter((size) => valuesOf(runs, `messageUs-${size}`).length > 0);
  return sizes.map((size) => ({
    title: `${size.toLocaleString('en')} stored`,
    isDurable: false,
    runs: runs.map((run) =>
      'failed' in run ? run : { ...run, figures: figuresOf(run.figures, `-${size}`) },
    ),
  }));
}

/** Those whose names end so, without that end. */
function figuresOf(figures: Record<string, number>, end: string): Record<string, number> {
  const named = Object.entries(figures).filter(([key]) => key.endsWith(end));
  return Object.fromEntries(named.map(([key, value]) => [key.slice(0, -end.length), value]));
}

function growthSentence(lines: readonly Line[]): string {
  if (lines.length === 0) return '';
  const exponents = lines.map(({ label, points }) => `${label} ${exponent(points).toFixed(2)}`);
  return `\n\nBy which power the cost of OpenTalk grows (0 is flat): ${exponents.join('; ')}.`;
}

/** The memory of a connection by how many there are. */
function connectionLine({ runs, scale }: Results): Line[] {
  const own = runs['crowd']?.['opentalk'] ?? [];
  const [few, many] = [valuesOf(own, 'fewBytes'), valuesOf(own, 'manyBytes')];
  if (scale === 'small' || few.length === 0) return [];
  const points = [
    { size: 1_000, cost: median(few) },
    { size: 10_000, cost: median(many) },
  ];
  return [{ label: 'memory of a connection, from 1,000 to 10,000', points }];
}

/** Costs of OpenTalk by what is stored, where more than one size was measured. */
function growthLines({ runs }: Results): Line[] {
  const own = runs['growth']?.['opentalk'] ?? [];
  return [
    { label: 'CPU of a message', key: 'messageUs' },
    { label: 'CPU of an event replayed', key: 'replayUs' },
  ]
    .map(({ label, key }) => ({
      label,
      points: growthSizes.flatMap((size) => {
        const values = valuesOf(own, `${key}-${size}`);
        return values.length > 0 ? [{ size, cost: median(values) }] : [];
      }),
    }))
    .filter(({ points }) => points.length > 1);
}
