/**
 * What Lighthouse says of a first visit on a phone. It is fetched when it is wanted: three times as large as all that this
 * project needs for anything else, it is no dependency.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { browserArguments, findChromium } from '../../../.config/browser.ts';
import { runs, type Bench } from './device.ts';
import type { Figure } from './figure.ts';

const lighthouse = 'lighthouse@13.5.0';
const categories = ['performance', 'accessibility', 'best-practices'] as const;

/** What is read of its report. */
interface Report {
  categories: Record<(typeof categories)[number], { score: number }>;
  audits: Record<
    'largest-contentful-paint' | 'cumulative-layout-shift' | 'total-blocking-time',
    { numericValue: number }
  >;
}

export async function measureByLighthouse({ server }: Bench): Promise<Figure[]> {
  const reports: Report[] = [];
  for (let run = 0; run < runs; run += 1) reports.push(await report(`http://localhost:${server.port}/`));
  const points = (name: (typeof categories)[number]) =>
    reports.map((one) => 100 * one.categories[name].score);
  const audit = (name: keyof Report['audits']) => reports.map((one) => one.audits[name].numericValue);
  return [
    figure('performance', points('performance'), { unit: 'points', must: 98, goal: 100, others: [100, 55] }),
    figure('accessibility', points('accessibility'), {
      unit: 'points',
      must: 100,
      goal: 100,
      others: [92, 54],
    }),
    figure('best practices', points('best-practices'), {
      unit: 'points',
      must: 100,
      goal: 100,
      others: [100, 96],
    }),
    figure('largest paint', audit('largest-contentful-paint'), {
      must: 1_500,
      goal: 900,
      others: [1_400, 7_100],
    }),
    figure('layout shift', audit('cumulative-layout-shift'), { unit: 'times', must: 0.02, goal: 0 }),
    figure('blocking time', audit('total-blocking-time'), { must: 100, goal: 30 }),
  ];
}

function figure(what: string, values: number[], about: Partial<Figure>): Figure {
  return { what: `Lighthouse, mobile, slow 4G: ${what}`, ...about, runs: values };
}

async function report(address: string): Promise<Report> {
  const flags = ['--headless=new', '--disable-gpu', ...browserArguments];
  const parameters = [
    ...['--yes', lighthouse, address, '--quiet', '--output=json', '--output-path=stdout'],
    `--only-categories=${categories.join()}`,
    `--chrome-flags=${flags.join(' ')}`,
  ];
  const chromium = findChromium();
  const { stdout } = await promisify(execFile)('npx', parameters, {
    env: { ...process.env, ...(chromium === undefined ? {} : { CHROME_PATH: chromium }) },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as Report;
}
