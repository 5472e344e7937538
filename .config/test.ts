/**
 * `npm test`: everything that must hold, from the types to a person's day in a browser.
 * A step that fails does not stop the others, so that one run tells all; the last line is the sum.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureChromium, ensureFonts, ensureOtherBrowsers } from './browser.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What is read of Playwright's JSON report. */
interface BrowserReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

const root = path.join(import.meta.dirname, '..');
const scratch = await mkdtemp(path.join(tmpdir(), 'opentalk-test-'));
const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
const troubles: string[] = [];

const hasBrowser = prepareBrowser();
await step('npm run check', 'npm', ['run', '--silent', 'check']);
const isBuilt = await step('npm run build', process.execPath, ['.config/build.ts']);
await unitTests();
if (hasBrowser && isBuilt) await browserTests();
else trouble('The browser tests did not run: they need a browser and a build.');
if (sum.passed + sum.failed + sum.skipped === 0) trouble('No test ran.');

await rm(scratch, { recursive: true });
for (const sentence of troubles) console.log(sentence);
const allFailed = sum.failed + troubles.length;
if (allFailed > 0) process.exitCode = 1;
const alsoSkipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
console.log(`${sum.passed} passed, ${allFailed} failed${alsoSkipped}`);

/** A browser and letters for it; the children find the browser in CHROMIUM_PATH. */
function prepareBrowser(): boolean {
  try {
    const chromium = ensureChromium();
    if (chromium !== undefined) process.env['CHROMIUM_PATH'] = chromium;
  } catch (error) {
    trouble(error instanceof Error ? error.message : String(error));
    return false;
  }
  if (!ensureOtherBrowsers())
    console.log('Firefox or WebKitGTK is missing: what is tried in them is left out.');
  if (!ensureFonts()) console.log('Some fonts are missing: screenshots may show boxes for letters.');
  return true;
}

async function unitTests(): Promise<void> {
  // The whole of what is tried by chance; a bare `node --test` takes a smaller part of it.
  process.env['MODEL_RUNS'] ??= '500';
  process.env['SOAK_SECONDS'] ??= '20';
  process.env['KILLS'] ??= '40';
  const counts = path.join(scratch, 'unit.json');
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./.config/count-reporter.ts',
    `--test-reporter-destination=${counts}`,
  ];
  // What hangs has failed, and must not keep the others from being told.
  const limits = ['--test-timeout=600000'];
  const passed = await run(process.execPath, ['--test', ...limits, ...reporters, 'test/**/*.test.ts']);
  add('unit', passed, (await readReport(counts)) as Counts | undefined);
}

async function browserTests(): Promise<void> {
  const counts = path.join(scratch, 'browser.json');
  process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] = counts;
  const passed = await run(process.execPath, [
    ...['node_modules/playwright/cli.js', 'test', '--config', '.config/playwright.config.ts'],
    ...['--reporter=list,json', '--pass-with-no-tests'],
  ]);
  const report = (await readReport(counts)) as BrowserReport | undefined;
  const found = report && {
    passed: report.stats.expected,
    failed: report.stats.unexpected + report.stats.flaky,
    skipped: report.stats.skipped,
  };
  add('browser', passed, found);
}

function add(kind: string, isPassed: boolean, counts: Counts | undefined): void {
  const { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 };
  sum.passed += passed;
  sum.failed += failed;
  sum.skipped += skipped;
  if (!isPassed && failed === 0) trouble(`The ${kind} tests broke off.`);
  else if (passed + failed + skipped === 0) console.log(`There are no ${kind} tests.`);
}

/** What a runner wrote about itself, or undefined if it ended before it could. */
async function readReport(file: string): Promise<unknown> {
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : undefined;
}

async function step(name: string, command: string, parameters: string[]): Promise<boolean> {
  const isPassed = await run(command, parameters);
  if (!isPassed) trouble(`${name} failed.`);
  return isPassed;
}

/** Runs a command in sight. False if it failed. */
async function run(command: string, parameters: string[]): Promise<boolean> {
  console.log(`\n> ${path.basename(command)} ${parameters.join(' ')}`);
  const isWindowsScript = process.platform === 'win32' && command === 'npm';
  const child = spawn(command, parameters, { cwd: root, stdio: 'inherit', shell: isWindowsScript });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}

function trouble(sentence: string): void {
  console.error(sentence);
  troubles.push(sentence);
}
