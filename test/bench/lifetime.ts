/**
 * `npm run bench:lifetime`: how long an event stream lives through what stands in the way of real ones, what ends it, and
 * what each end costs. All ways at once, each with a server, a browser and a person who writes of its own.
 * Names of ways choose; `--seconds=900` for longer lives than the usual 200 s.
 */
import { chromium } from 'playwright';
import { browserArguments, ensureChromium } from '../../.config/browser.ts';
import { tableOf, timelineOf } from './lifetime/report.ts';
import { runCase, type Outcome } from './lifetime/run-case.ts';
import { cases } from './lifetime/ways.ts';
import { keepResults } from './keep-results.ts';

const usualSeconds = 200;

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const given = process.argv.find((argument) => argument.startsWith('--seconds='))?.split('=')[1];
const forMs = 1_000 * Number(given ?? usualSeconds);
const chosen = cases.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
if (!(forMs > 0) || chosen.length === 0) {
  throw new Error(`Ways are ${cases.map(({ name }) => `'${name}'`).join()}; --seconds= is a number.`);
}

const executablePath = ensureChromium();
const browser = await chromium.launch({
  args: browserArguments,
  ...(executablePath === undefined ? {} : { executablePath }),
});
const running: Promise<Outcome>[] = [];
try {
  for (const one of chosen) {
    // Pages are opened one after the other: it is not their start that is measured.
    running.push(runCase(browser, one, forMs));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  const outcomes = await Promise.all(running);
  const md = tableOf(outcomes);
  console.log(md);
  keepResults('lifetime', { md, json: outcomes, svg: timelineOf(outcomes) });
} finally {
  await browser.close();
}
