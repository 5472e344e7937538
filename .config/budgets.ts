/**
 * What the app may weigh on the wire. A build that is over what must be fails: a page that grows a little with every
 * change is slow in a year, and nobody did it. How far it is to what is aimed at is said each time.
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { compressed } from './precompress.ts';

export interface Weight {
  /** Its address. */
  file: string;
  rawBytes: number;
  /** As sent: compressed where there is a compressed form. */
  sentBytes: number;
}

interface Budget {
  what: string;
  unit: 'bytes' | 'requests';
  must: number;
  aim: number;
  /** Where it was over what must be when that came to be enforced: it must not grow, and goes when it is down there. */
  debt?: number;
  counts: (file: string, first: readonly string[]) => boolean;
}

const isFirst: Budget['counts'] = (file, first) => first.includes(file);
/** One of the two forms of the worker: a browser loads only one, and the other in older ones alone. */
const worker = '/sw.mjs';
/** Sent as a part of it, and listed for what it weighs alone. */
const scriptOfPage = '/index.html: its script';

export const budgets: readonly Budget[] = [
  { what: 'a usable sign-in', unit: 'bytes', must: 30_000, aim: 18_000, counts: isFirst },
  { what: 'a usable sign-in', unit: 'requests', must: 4, aim: 2, counts: isFirst },
  {
    what: 'all JavaScript',
    unit: 'bytes',
    must: 48_000,
    aim: 30_000,
    debt: 19_000,
    counts: (file) => /\.m?js$/.test(file) || file === scriptOfPage,
  },
  {
    what: 'everything precached',
    unit: 'bytes',
    must: 100_000,
    aim: 60_000,
    counts: (file) => file !== worker && file !== scriptOfPage,
  },
];

/** Weighs the precached files of `dist` and the worker, and `script`, which is in the page. */
export async function weigh(dist: string, precached: readonly string[], script: string): Promise<Weight[]> {
  const files = await Promise.all([...precached, worker].map((file) => weighOne(dist, file)));
  const inPage = Buffer.from(script);
  const { br } = await compressed(inPage);
  return [...files, { file: scriptOfPage, rawBytes: inPage.length, sentBytes: br.length }];
}

export interface Judgement {
  /** To read at every build. */
  table: string;
  /** A sentence for each budget that is broken. */
  broken: string[];
  /** The same for what is over by a debt. */
  owed: string[];
}

/** `first` are the addresses that a sign-in needs. */
export function judge(
  weights: readonly Weight[],
  first: readonly string[],
  all: readonly Budget[] = budgets,
): Judgement {
  const sums = all.map((budget) => {
    const counted = weights.filter(({ file }) => budget.counts(file, first));
    const bytes = counted.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
    return { ...budget, is: budget.unit === 'bytes' ? bytes : counted.length };
  });
  return {
    table: [
      row('file', 'raw', 'brotli'),
      ...weights.map(({ file, rawBytes, sentBytes }) => row(file, kB(rawBytes), kB(sentBytes))),
      row('', 'must', 'is', 'aim', 'to go'),
      ...sums.map(({ what, unit, must, is, aim }) => {
        const say = (value: number) => (unit === 'bytes' ? kB(value) : `${value} requests`);
        return row(what, say(must), say(is), say(aim), is > aim ? say(is - aim) : '–');
      }),
    ].join('\n'),
    broken: sums.filter(({ must, debt = 0, is }) => is > must + debt).map(sentence),
    owed: sums.filter(({ must, debt = 0, is }) => is > must && is <= must + debt).map(sentence),
  };
}

function sentence({ what, unit, must, is }: Budget & { is: number }): string {
  return `Over budget: ${what} takes ${is} ${unit}, and must not take more than ${must}.`;
}

async function weighOne(dist: string, file: string): Promise<Weight> {
  const plain = path.join(dist, file);
  const sent = existsSync(`${plain}.br`) ? `${plain}.br` : plain;
  const [raw, asSent] = await Promise.all([stat(plain), stat(sent)]);
  return { file, rawBytes: raw.size, sentBytes: asSent.size };
}

const kB = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`;
const row = (...[name = '', ...figures]: string[]) =>
  name.padEnd(32) + figures.map((figure) => figure.padStart(12)).join('');
