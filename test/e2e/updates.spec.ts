/**
 * A new version comes while people use the old one. It is offered and never forced; nothing typed or queued is lost, and
 * a worker that went wrong can be taken away from every browser.
 */
import type { Page } from 'playwright/test';
import { expect, test } from 'playwright/test';
import type { Config } from '../../server/config.ts';
import { buildVersions, type Versions } from '../support/build-versions.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

let versions: Versions;
let server: TestServer;
let ann: Phone;

test.beforeAll(async () => {
  versions = await buildVersions();
});
test.afterAll(() => versions.remove());

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder: versions.older, heartbeatMs: 2_000 });
  ann = await Phone.take(browser, server.port);
});

test.afterEach(async () => {
  expect(ann.complaints).toEqual([]);
  await ann.putAway();
  await server.remove();
});

/** Ends the server and starts another one in its place, on the same data. */
async function deploy(pageFolder: string, settings: Partial<Config> = {}): Promise<void> {
  const { dataDir, port } = server;
  await server.close();
  server = await startTestServer({ pageFolder, dataDir, port, heartbeatMs: 2_000, ...settings });
}

/** What the page looks for on becoming visible, as after a while in the background. */
async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
}

/** The script that runs in the page: another one for each version. */
function scriptOf(page: Page): Promise<string> {
  return page.evaluate(() => document.querySelector<HTMLScriptElement>('script[src]')!.src);
}

/** Marks the page as it is now, to see later whether it was reloaded. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { isSame: true }));
}
const isSame = (page: Page) => page.evaluate(() => 'isSame' in window);

const toast = (page: Page) => page.getByText('New version ready');
const reloadButton = (page: Page) => page.getByRole('button', { name: 'Reload' });
const field = (page: Page) => page.getByRole('textbox', { name: 'Message' });

test('the server is replaced while a page is open and sending: the page goes on, is offered the new version, and takes it with its queue and draft', async ({
  browser,
}) => {
  const bob = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await bob.signIn('bob');
  await ann.select('bob');
  await bob.select('ann');
  const older = await scriptOf(ann.page);
  ann.network.stall();
  await ann.write('sent while the server was replaced');
  await expect.poll(() => ann.network.sent()).toContain('POST /api/messages');
  await deploy(versions.newer);
  ann.network.cut();
  ann.network.up();
  await bob.reads('sent while the server was replaced');
  await ann.write('the old page with the new server');
  await bob.reads('sent while the server was replaced', 'the old page with the new server');
  await comeBack(ann.page);
  await expect(toast(ann.page)).toBeVisible({ timeout: 20_000 });

  await ann.enterTunnel();
  await ann.write('queued before the update');
  await field(ann.page).fill('half a thought');
  // At once, before the draft's own timer. The new version was loaded already: no network is needed.
  await reloadButton(ann.page).click();
  await expect.poll(() => scriptOf(ann.page), { timeout: 20_000 }).not.toBe(older);
  await ann.reads('queued before the update');
  await expect(field(ann.page)).toHaveValue('half a thought');
  await expect(toast(ann.page)).toBeHidden();
  await ann.leaveTunnel();
  await bob.reads('the old page with the new server', 'queued before the update');
  await ann.allOwnAre('Read');
  await bob.putAway();
});

test('a version is not taken into use while something is being sent', async () => {
  await ann.signIn('ann');
  await ann.openApp('/c/ann');
  const held = Promise.withResolvers<void>();
  await ann.context.route('**/api/messages', async (route) => {
    await held.promise;
    await route.continue();
  });
  await ann.page.goto(`${ann.network.url}/c/ann`);
});

test('Reload in one tab leaves the other alone, which is offered the same', async () => {
  await ann.signIn('ann');
  const other = await ann.context.newPage();
  await other.goto(ann.network.url);
  await expect(other.getByRole('heading', { name: 'OpenTalk' })).toBeVisible();
  const older = await scriptOf(other);
  await deploy(versions.newer);
  await comeBack(ann.page);
  await expect(toast(ann.page)).toBeVisible({ timeout: 20_000 });
  await other.getByRole('searchbox').fill('typing here');
  await mark(other);
  await reloadButton(ann.page).click();
  await expect.poll(() => scriptOf(ann.page), { timeout: 20_000 }).not.toBe(older);
  await expect(toast(other)).toBeVisible();
  expect(await isSame(other)).toBe(true);
  await expect(other.getByRole('searchbox')).toHaveValue('typing here');
  await reloadButton(other).click();
  await expect.poll(() => scriptOf(other), { timeout: 20_000 }).not.toBe(older);
});
