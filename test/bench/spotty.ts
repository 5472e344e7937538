/**
 * `npm run bench:spotty`: how long a message takes over networks that come and go, and what that costs, in the real app
 * and in others, side by side in one Chromium through the same weather. Names of profiles choose; `--seed=7` for other
 * tunnels.
 */
import { chromium } from 'playwright';
import { browserArguments, ensureChromium } from '../../.config/browser.ts';
import { keepResults } from './keep-results.ts';
import { betterSse } from './spotty/contenders/better-sse.ts';
import { openTalk } from './spotty/contenders/opentalk.ts';
import { socketIo, socketIoWithRetries } from './spotty/contenders/socket-io.ts';
import { profileNames } from './spotty/profile.ts';
import { distributionsOf, tableOf } from './spotty/report.ts';
import { runProfile, type Run } from './spotty/run-profile.ts';

const usualSeed = 1;

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const seed = Number(
  process.argv.find((argument) => argument.startsWith('--seed='))?.split('=')[1] ?? usualSeed,
);
const names = wanted.length > 0 ? wanted : profileNames;
if (!Number.isInteger(seed) || names.some((name) => !profileNames.includes(name))) {
  throw new Error(`Profiles are ${profileNames.join()}; --seed= is a whole number.`);
}

const executablePath = ensureChromium();
const browser = await chromium.launch({
  args: browserArguments,
  ...(executablePath === undefined ? {} : { executablePath }),
});
const runs: Run[] = [];
try {
  for (const name of names) {
    const run = await runProfile(browser, [openTalk, socketIo, socketIoWithRetries, betterSse], name, seed);
    runs.push(run);
    console.log(`${run.profile.name}: ${run.profile.what}\n${tableOf([run])}\n`);
  }
  keepResults('spotty', { md: tableOf(runs), json: { seed, runs }, svg: distributionsOf(runs) });
} finally {
  await browser.close();
}
