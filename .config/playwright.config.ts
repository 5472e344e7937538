/**
 * How the browser tests run. Each test starts the server it needs, so there is none here; and none is tried twice,
 * because a test that fails now and then has found something.
 */
import { defineConfig } from 'playwright/test';
import { browserArguments, findChromium } from './browser.ts';

const executablePath = findChromium();

export default defineConfig({
  testDir: '../test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  // Pictures of how the app looks: looks.spec.ts.
  snapshotPathTemplate: '{testDir}/looks/{arg}{ext}',
  fullyParallel: false,
  workers: 2,
  retries: 0,
  // Upper limits only: everything waits for a condition, and a busy machine is no fault.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
  use: {
    // Recording costs as much as a third of the time: TRACE=1 for who looks for a cause.
    trace: process.env['TRACE'] ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      args: browserArguments,
      ...(executablePath === undefined ? {} : { executablePath }),
    },
  },
});
