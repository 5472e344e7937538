/** The app on the home screen: Chromium finds nothing that keeps it from being installed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, expect, test } from 'playwright/test';
import { startTestServer } from '../support/start-test-server.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');

test('the app can be installed', async ({ launchOptions }) => {
  const server = await startTestServer({ pageFolder });
  const profile = mkdtempSync(path.join(tmpdir(), 'opentalk-profile-'));
  // A plain context counts as incognito, where nothing can be installed.
  const context = await chromium.launchPersistentContext(profile, {
    ...launchOptions,
    args: [...(launchOptions.args ?? []), '--bypass-app-banner-engagement-checks'],
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(`http://localhost:${server.port}`);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const devtools = await context.newCDPSession(page);
    await expect
      .poll(async () => (await devtools.send('Page.getInstallabilityErrors')).installabilityErrors)
      .toEqual([]);
    const { errors, data } = await devtools.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(JSON.parse(data!)).toMatchObject({ name: 'OpenTalk', display: 'standalone', start_url: '/' });
  } finally {
    await context.close();
    await server.remove();
    rmSync(profile, { recursive: true });
  }
});
