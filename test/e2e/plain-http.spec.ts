/**
 * A server on a LAN address, over plain HTTP: no service worker, no locks, no randomUUID, no navigator.storage. The app
 * works for as long as there is a network, keeps what was written, and says what HTTPS would add.
 */
import path from 'node:path';
import { expect, test, type Page } from 'playwright/test';
import { browserArguments, findChromium } from '../../.config/browser.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const executablePath = findChromium();
const patient = { timeout: 20_000 };

test.use({
  launchOptions: {
    args: [...browserArguments, '--host-resolver-rules=MAP chat.lan 127.0.0.1'],
    ...(executablePath === undefined ? {} : { executablePath }),
  },
});

let server: TestServer;
let ann: Phone;
let bob: Phone;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 1_000 });
  ann = await Phone.take(browser, server.port);
  bob = await Phone.take(browser, server.port);
  for (const phone of [ann, bob]) {
    phone.network.url = `http://chat.lan:${phone.network.port}`;
    await phone.page.goto(phone.network.url);
  }
});

test.afterEach(async () => {
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
  await ann.putAway();
  await bob.putAway();
  await server.remove();
});

async function signIn({ page }: Phone, nick: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Nick' }).fill(nick);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible(patient);
}

async function meet(): Promise<void> {
  await signIn(ann, 'ann');
  await signIn(bob, 'bob');
  await ann.select('bob');
  await bob.select('ann');
}

const note = (page: Page) => page.getByText('Over plain HTTP this app works only while there is a network.');

test('over plain HTTP two people chat, in more than one tab, with what an insecure page has', async () => {
  const has = await ann.page.evaluate(() => ({
    secure: isSecureContext,
    worker: 'serviceWorker' in navigator,
    locks: 'locks' in navigator,
    storage: 'storage' in navigator,
    uuid: 'randomUUID' in crypto,
  }));
  expect(has).toEqual({ secure: false, worker: false, locks: false, storage: false, uuid: false });
  await meet();
  const tab = await ann.context.newPage();
  await tab.goto(`${ann.network.url}/c/bob`);
  await expect(tab.getByRole('textbox', { name: 'Message' })).toBeVisible(patient);

  await ann.write('from the first tab');
  await tab.getByRole('textbox', { name: 'Message' }).fill('from the second');
  await tab.getByRole('button', { name: 'Send' }).click();
  await bob.reads('from the first tab', 'from the second');
  await bob.write('to both');
  await ann.reads('from the first tab', 'from the second', 'to both');
  await expect(tab.getByRole('log').getByText('to both')).toBeVisible(patient);
  await ann.allOwnAre('Read');

  // One tab goes; the other goes on.
  await ann.closeApp();
  await bob.write('after the first was closed');
  await expect(tab.getByRole('log').getByText('after the first was closed')).toBeVisible(patient);
  expect(await bob.texts()).toHaveLength(4);
});

test('over plain HTTP what waits survives a reload and a cut, and goes out once', async () => {
  await meet();
  ann.network.inject('/api/', { status: 503, body: 'Away.' }, Infinity);
  ann.network.cut();
  await ann.write('kept');
  await ann.write('through the reload');
  await expect.poll(() => ann.states()).toEqual(['Queued', 'Queued']);
  await ann.page.reload();
  await ann.reads('kept', 'through the reload');
  await expect.poll(() => ann.states()).toEqual(['Queued', 'Queued']);
  ann.network.inject('/api/', { status: 503 }, 0);
  await ann.allOwnAre('Read');
  expect(await bob.texts()).toEqual(['kept', 'through the reload']);
});

test('over plain HTTP the app says once what HTTPS would add, and again in the settings', async () => {
  await signIn(ann, 'ann');
  await expect(note(ann.page)).toBeVisible();
  await ann.screenshot('plain-http-list');
  await ann.page.getByRole('button', { name: 'Got it' }).click();
  await expect(note(ann.page)).toHaveCount(0);
  await ann.page.reload();
  await expect(ann.page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible(patient);
  await expect(note(ann.page)).toHaveCount(0);
  await ann.page.getByRole('button', { name: 'Settings' }).click();
  await expect(note(ann.page)).toBeVisible();
  await ann.screenshot('plain-http-settings');
  // On localhost, and over HTTPS, there is nothing to say.
  await bob.page.goto(`http://localhost:${bob.network.port}`);
  await bob.signIn('bob');
  await expect(note(bob.page)).toHaveCount(0);
});
