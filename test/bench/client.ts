/**
 * `npm run bench:client`: what a person waits for, in a real Chromium on a phone-sized page, medians of a few runs. Names
 * of figures choose: `npm run bench:client -- start search`. Prints a table, and the same as JSON.
 */
import path from 'node:path';
import { chromium } from 'playwright';
import { browserArguments, ensureChromium } from '../../.config/browser.ts';
import { startTestServer } from '../support/start-test-server.ts';
import type { Bench } from './client/device.ts';
import { jsonOf, tableOf, type Figure } from './client/figure.ts';
import { measureFirstVisit } from './client/first-visit.ts';
import { measureByLighthouse } from './client/lighthouse.ts';
import { measureReturn } from './client/return.ts';
import { measureSignIn } from './client/sign-in.ts';
import { measureStart } from './client/start.ts';

const measures: Record<string, (bench: Bench) => Promise<Figure[]>> = {
  'sign-in': measureSignIn,
  'first-visit': measureFirstVisit,
  lighthouse: measureByLighthouse,
  start: measureStart,
  return: measureReturn,
};

const wanted = process.argv.slice(2);
const names = wanted.length > 0 ? wanted : Object.keys(measures);
const unknown = names.filter((name) => !(name in measures));
if (unknown.length > 0) {
  throw new Error(`There is no ${unknown.join()}, only ${Object.keys(measures).join()}.`);
}

const executablePath = ensureChromium();
const browser = await chromium.launch({
  args: browserArguments,
  ...(executablePath === undefined ? {} : { executablePath }),
});
const server = await startTestServer({ pageFolder: path.join(import.meta.dirname, '../../dist') });
const figures: Figure[] = [];
try {
  for (const name of names) figures.push(...(await measures[name]!({ browser, server })));
} finally {
  await browser.close();
  await server.remove();
}
console.log(tableOf(figures));
console.log(jsonOf(figures));
