/**
 * What the app may weigh on the wire. A budget that is broken is said at every build: a page that grows a little with
 * every change is slow in a year, and nobody did it.
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';

interface Weight {
  file: string;
  rawBytes: number;
  /** As sent: compressed where there is a compressed form. */
  sentBytes: number;
}

interface Budget {
  what: string;
  mostBytes: number;
  counts: (file: string, first: readonly string[]) => boolean;
}

const isScript = (file: string) => /\.m?js$/.test(file);
const budgets: Budget[] = [
  {
    what: 'a usable sign-in',
    mostBytes: 30_000,
    counts: (file, first) => first.includes(file),
  },
  { what: 'all JavaScript', mostBytes: 48_000, counts: isScript },
  { what: 'everything precached', mostBytes: 100_000, counts: (file) => file !== '/sw.mjs' },
];

/**
 * Weighs the files of `dist` at `addresses`, prints them, and returns what is too heavy, as sentences.
 * `first` are those that a sign-in needs.
 */
export async function weigh(dist: string, addresses: string[], first: readonly string[]): Promise<string[]> {
  const weights = await Promise.all(addresses.map((address) => weighOne(dist, address)));
  const sums = budgets.map(({ what, mostBytes, counts }) => {
    const counted = weights.filter(({ file }) => counts(file, first));
    return { what, mostBytes, sentBytes: counted.reduce((sum, { sentBytes }) => sum + sentBytes, 0) };
  });

  console.log(row('file', 'raw', 'brotli'));
  for (const { file, rawBytes, sentBytes } of weights) console.log(row(file, kB(rawBytes), kB(sentBytes)));
  console.log(row('', 'budget', 'is'));
  for (const { what, mostBytes, sentBytes } of sums) console.log(row(what, kB(mostBytes), kB(sentBytes)));

  return sums
    .filter(({ mostBytes, sentBytes }) => sentBytes > mostBytes)
    .map(({ what, mostBytes, sentBytes }) => `${what} takes ${sentBytes} bytes; ${mostBytes} are allowed`);
}

async function weighOne(dist: string, address: string): Promise<Weight> {
  const file = address.startsWith('/') ? address : `/${address}`;
  const plain = path.join(dist, file);
  const sent = existsSync(`${plain}.br`) ? `${plain}.br` : plain;
  const [raw, compressed] = await Promise.all([stat(plain), stat(sent)]);
  return { file, rawBytes: raw.size, sentBytes: compressed.size };
}

const kB = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`;
const row = (...[name = '', ...figures]: string[]) =>
  name.padEnd(32) + figures.map((figure) => figure.padStart(11)).join('');
