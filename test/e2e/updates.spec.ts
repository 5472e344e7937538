/**
 * A new version comes while people use the old one. It is offered and never forced; nothing typed or queued is lost, and
 * a worker that went wrong can be taken away from every browser.
 */
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
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

/** What the page runs: another script for each version. */
const runs = (page: Page) =>
  page.evaluate(() => /\/assets\/chat-page-\w+\.js/.exec(document.head.innerHTML)![0]);

/** Waits until the page is one of another version. */
async function isReplaced(page: Page, older: string): Promise<void> {
  // While it is replaced there is none to ask.
  await expect.poll(() => runs(page).catch(() => older), { timeout: 20_000 }).not.toBe(older);
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
  const older = await runs(ann.page);
  ann.network.stall();
  await ann.write('sent while the server was replaced');
  await expect.poll(() => ann.network.sent()).toContain('POST /api/messages');
  await deploy(versions.newer);
  ann.network.cut();
  ann.network.up();
  await bob.reads('sent while the server was replaced');
  // What an old page may yet ask for is there, and a new worker does not keep it.
  expect((await fetch(ann.network.url + older)).status).toBe(200);
  for (const worker of ['/sw.mjs', '/sw.js']) {
    expect(await (await fetch(ann.network.url + worker)).text()).not.toContain(older);
  }
  await ann.write('the old page with the new server');
  await bob.reads('sent while the server was replaced', 'the old page with the new server');
  await comeBack(ann.page);
  await expect(toast(ann.page)).toBeVisible({ timeout: 20_000 });

  await ann.enterTunnel();
  await ann.write('queued before the update');
  await field(ann.page).fill('half a thought');
  // At once, before the draft's own timer. The new version was loaded already: no network is needed.
  await reloadButton(ann.page).click();
  await isReplaced(ann.page, older);
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
  await ann.page.goto(`${ann.network.url}/c/ann`);
  await deploy(versions.newer);
  await comeBack(ann.page);
  await expect(toast(ann.page)).toBeVisible({ timeout: 20_000 });
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await ann.context.route('**/api/messages', async (route) => {
    asked.resolve();
    await answer.promise;
    await route.continue();
  });
  await ann.write('on its way');
  await asked.promise;
  await mark(ann.page);
  await reloadButton(ann.page).click();
  // The new version stands behind the flush.
  await expect
    .poll(() =>
      ann.page.evaluate(async () => (await navigator.locks.query()).pending!.map(({ name }) => name)),
    )
    .toContainEqual(expect.stringMatching(/^outbox-(?!next)/));
  expect(await isSame(ann.page)).toBe(true);
  await expect(ann.page.getByText('Updating…')).toBeVisible();
  answer.resolve();
  await expect(ann.page.getByText('Updating…')).toBeHidden({ timeout: 20_000 });
  await expect.poll(() => isSame(ann.page).catch(() => true), { timeout: 20_000 }).toBe(false);
  await ann.allOwnAre('Sent');
  await ann.reads('on its way');
});

test('Reload waits until what is typed is kept, and the tab keeps it where the database does not', async () => {
  await ann.signIn('ann');
  await ann.page.goto(`${ann.network.url}/c/ann`);
  const older = await runs(ann.page);
  const other = await ann.context.newPage();
  await other.goto(ann.network.url);
  await deploy(versions.newer);
  await comeBack(ann.page);
  await expect(toast(ann.page)).toBeVisible({ timeout: 20_000 });
  // Another tab is long at the drafts.
  await other.evaluate(async () => {
    const all = await indexedDB.databases();
    const { name } = all.find((database) => /^opentalk-[0-9a-f]{8}-/.test(database.name!))!;
    await new Promise((resolve) => {
      indexedDB.open(name!).onsuccess = ({ target }) => {
        const database = (target as IDBOpenDBRequest).result;
        const store = database.transaction('drafts', 'readwrite').objectStore('drafts');
        const hold = () => {
          if ('isReleased' in window) database.close();
          else store.get('nobody').onsuccess = hold;
        };
        hold();
        resolve(undefined);
      };
    });
  });
  await field(ann.page).fill('half a thought');
  await mark(ann.page);
  await reloadButton(ann.page).click();
  await expect(ann.page.getByText('Updating…')).toBeVisible();
  expect(await isSame(ann.page)).toBe(true);
  await other.evaluate(() => Object.assign(window, { isReleased: true }));
  await isReplaced(ann.page, older);
  await expect(field(ann.page)).toHaveValue('half a thought');

  await other.goto(`${ann.network.url}/c/ann`);
  await expect(field(other)).toHaveValue('half a thought');
  await other.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('Full.', 'QuotaExceededError');
    };
  });
  await field(other).fill('and the other half');
  await expect(other.getByText('This device cannot keep your draft.')).toBeVisible();
  await other.reload();
  await expect(field(other)).toHaveValue('and the other half');
});

test('Reload in one tab leaves the other alone, which is offered the same', async () => {
  await ann.signIn('ann');
  const other = await ann.context.newPage();
  await other.goto(ann.network.url);
  await expect(other.getByRole('heading', { name: 'OpenTalk' })).toBeVisible();
  const older = await runs(other);
  await deploy(versions.newer);
  await comeBack(ann.page);
  await expect(toast(ann.page)).toBeVisible({ timeout: 20_000 });
  await other.getByRole('searchbox').fill('typing here');
  await mark(other);
  await reloadButton(ann.page).click();
  await isReplaced(ann.page, older);
  await expect(toast(other)).toBeVisible();
  expect(await isSame(other)).toBe(true);
  await expect(other.getByRole('searchbox')).toHaveValue('typing here');
  await reloadButton(other).click();
  await isReplaced(other, older);
});

test('a version that waits is taken by itself at a start with no other page open, and not beside another', async () => {
  await ann.signIn('ann');
  const older = await runs(ann.page);
  const other = await ann.context.newPage();
  await other.goto(ann.network.url);
  await deploy(versions.newer);
  await comeBack(ann.page);
  await expect(toast(ann.page)).toBeVisible({ timeout: 20_000 });
  await ann.page.reload();
  await expect(toast(ann.page)).toBeVisible({ timeout: 20_000 });
  expect(await runs(ann.page)).toBe(older);
  await ann.page.getByRole('button', { name: 'Later' }).click();
  await expect(toast(ann.page)).toBeHidden();
  await other.close();
  await ann.page.reload();
  await isReplaced(ann.page, older);
  await expect(ann.page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible();
  await expect(toast(ann.page)).toBeHidden();
});

test('a worker that is switched off goes away with its files and comes back when switched on; the outbox is not touched', async () => {
  const registrations = () =>
    ann.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  const caches = () => ann.page.evaluate(async () => (await window.caches.keys()).length);
  const asksForWorker = () => (ann.network.sent().match(/GET \/sw\.m?js/g) ?? []).length;
  await ann.signIn('ann');
  await ann.page.goto(`${ann.network.url}/c/ann`);
  await ann.enterTunnel();
  await ann.write('queued under the old worker');
  await deploy(versions.older, { serviceWorker: false });
  await ann.leaveTunnel();
  await comeBack(ann.page);
  await expect.poll(registrations, { timeout: 20_000 }).toBe(0);
  await expect.poll(caches).toBe(0);
  await ann.allOwnAre('Sent');
  await ann.write('from a page whose worker has gone');
  await ann.allOwnAre('Sent');

  await ann.page.reload();
  await ann.reads('queued under the old worker', 'from a page whose worker has gone');
  const asked = asksForWorker();
  await ann.write('from a page that never had one');
  await ann.allOwnAre('Sent');
  await comeBack(ann.page);
  await ann.page.reload();
  await ann.reads('from a page that never had one');
  expect(await registrations()).toBe(0);
  expect(asksForWorker()).toBe(asked);

  await deploy(versions.older);
  await ann.page.reload();
  await ann.page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  await expect.poll(caches).toBe(1);
  await ann.reads(
    'queued under the old worker',
    'from a page whose worker has gone',
    'from a page that never had one',
  );
});

test('a new page starts and goes on with a server that names people by nick alone, and says more than is known', async () => {
  const bob = await Phone.take(ann.context.browser()!, server.port);
  await ann.signIn('ann');
  await bob.signIn('bob');
  await ann.select('bob');
  await ann.write('before');
  await ann.allOwnAre('Delivered');
  await bob.context.route('**/api/sync', async (route) => {
    const response = await route.fetch();
    const snapshot = (await response.json()) as { conversations: { withId?: string }[] };
    for (const conversation of snapshot.conversations) delete conversation.withId;
    await route.fulfill({ response, json: { ...snapshot, rooms: [{ name: 'unknown' }] } });
  });
  // A device whose database is gone begins with the snapshot.
  await bob.page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      if (/^opentalk-[0-9a-f]{8}-/.test(name!)) indexedDB.deleteDatabase(name!);
    }
  });
  await bob.page.reload();
  await bob.select('ann');
  await bob.reads('before');
  await bob.write('and after');
  await ann.reads('before', 'and after');
  await bob.putAway();
});

test('a worker in one piece, as browsers have from before or fall back to, gives way to the module without a word lost', async ({
  browser,
}) => {
  const worker = () =>
    ann.page.evaluate(() => new URL(navigator.serviceWorker.controller!.scriptURL).pathname);
  const inOnePiece = `${versions.older}-in-one-piece`;
  await cp(versions.older, inOnePiece, { recursive: true });
  await rm(path.join(inOnePiece, 'sw.mjs'));
  await deploy(inOnePiece);
  // The phone of the other tests may have the module by now.
  await ann.putAway();
  ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  expect(await worker()).toBe('/sw.js');
  await ann.page.goto(`${ann.network.url}/c/ann`);
  const older = await runs(ann.page);

  await deploy(versions.newer);
  await comeBack(ann.page);
  await expect(toast(ann.page)).toBeVisible({ timeout: 20_000 });
  await ann.enterTunnel();
  await ann.write('queued before the update');
  await field(ann.page).fill('half a thought');
  await reloadButton(ann.page).click();
  await isReplaced(ann.page, older);
  expect(await worker()).toBe('/sw.js');
  const newer = await runs(ann.page);
  await ann.leaveTunnel();
  // A page starts without a network under either, and under one while the other waits.
  await ann.page.reload();
  await expect(toast(ann.page)).toBeVisible({ timeout: 20_000 });
  await ann.enterTunnel();
  await ann.page.reload();
  await expect.poll(() => worker().catch(() => 'on the way'), { timeout: 20_000 }).toBe('/sw.mjs');
  await expect.poll(() => runs(ann.page).catch(() => 'on the way')).toBe(newer);
  await expect(field(ann.page)).toHaveValue('half a thought');
  await ann.leaveTunnel();
  await ann.allOwnAre('Sent');
  await ann.reads('queued before the update');
});
