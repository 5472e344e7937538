/** Results as tables in Markdown, and their places in a file: between `<!-- bench:name -->` and `<!-- /bench -->`. */
import { complaintOf, valuesOf, type Results, type Run } from './results.ts';
import type { Figure } from './scenarios/scenario.ts';
import { median } from './statistics.ts';

export interface Row {
  title: string;
  isDurable: boolean;
  runs: readonly Run[];
}

/** A server a row, a figure a column: the median, and how many times OpenTalk's it is. The first row is OpenTalk. */
export function tableOf(figures: readonly Figure[], rows: readonly Row[]): string {
  const own = rows[0];
  const lines = rows.map(({ title, isDurable, runs }, index) => {
    const complaint = runs.map(complaintOf).find((words) => words !== undefined);
    const cells = figures.map((figure) => {
      const values = valuesOf(runs, figure.key);
      if (values.length === 0) return '–';
      const text = format(median(values), figure.digits);
      const ours = own && index > 0 ? valuesOf(own.runs, figure.key) : [];
      return figure.better && ours.length > 0 ? `${text} (${ratio(median(values), median(ours))})` : text;
    });
    const name = `${title}${isDurable ? ' †' : ''}${complaint === undefined ? '' : ` **failed: ${complaint}**`}`;
    return line([name, ...cells]);
  });
  return [
    line(['', ...figures.map(({ title }) => title)]),
    line(Array(figures.length + 1).fill('---')),
    ...lines,
  ].join('\n');
}

/** One server: a figure a row, with the range of its runs. */
export function listOf(figures: readonly Figure[], runs: readonly Run[]): string {
  const lines = figures.flatMap(({ key, title, digits }) => {
    const values = valuesOf(runs, key);
    if (values.length === 0) return [];
    const range = `${format(Math.min(...values), digits)}–${format(Math.max(...values), digits)}`;
    return [line([title, format(median(values), digits), range])];
  });
  const complaints = runs.map(complaintOf).filter((words) => words !== undefined);
  return [
    ...complaints.map((words) => `**failed: ${words}**\n`),
    line(['', 'median', 'range']),
    line(['---', '---', '---']),
    ...lines,
  ].join('\n');
}

/** Puts texts between their markers; what has no markers, or no text, stays as it is. */
export function fillIn(document: string, texts: Readonly<Record<string, string>>): string {
  return document.replaceAll(
    /(<!-- bench:([\w-]+) -->)[\s\S]*?(<!-- \/bench -->)/g,
    (whole: string, begin: string, name: string, end: string) => {
      const text = texts[name];
      return text === undefined ? whole : `${begin}\n${text}\n${end}`;
    },
  );
}

/** Where and when, and who is missing. */
export function imprint({ at, machine, versions, leftOut, runs }: Results): string {
  const most = Math.max(
    0,
    ...Object.values(runs).flatMap((byPeer) => Object.values(byPeer).map((each) => each.length)),
  );
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const out = Object.entries(leftOut).map(([title, how]) => `${title} (${how})`);
  return [
    `Measured on ${at.slice(0, 10)} on ${machine}; ${most} runs each; ${programs.join(', ')}.`,
    ...(out.length > 0 ? [`Left out, because not installed: ${out.join(', ')}.`] : []),
  ].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function ratio(theirs: number, ours: number): string {
  if (ours === 0) return '–';
  const times = theirs / ours;
  return `${times.toFixed(times < 0.1 ? 2 : times < 10 ? 1 : 0)} x`;
}

function format(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
