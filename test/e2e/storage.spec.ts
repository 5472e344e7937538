/** The storage of a device fails a person in every way that browsers know, and the person loses nothing. */
import path from 'node:path';
import { expect, test, type CDPSession, type Page } from 'playwright/test';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { readStore } from './device.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const patient = { timeout: 20_000 };

let server: TestServer;
let ann: Phone;
let devtools: CDPSession | undefined;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  ann = await Phone.take(browser, server.port);
  devtools = undefined;
});

test.afterEach(async () => {
  expect(ann.complaints).toEqual([]);
  await ann.putAway();
  await server.remove();
});

/** Grants the origin so many bytes for the app and its data; as many as before without an argument. */
async function grant(page: Page, quotaSize?: number): Promise<void> {
  // A quota is lifted only by the session that set it.
  devtools ??= await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await devtools.send('Storage.overrideQuotaForOrigin', {
    origin,
    ...(quotaSize === undefined ? {} : { quotaSize }),
  });
  if (quotaSize === undefined) return;
  // Chromium remembers for a while how much room a database had; one that it opens anew asks.
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  await page.reload();
}

const everything = 'indexeddb,local_storage,cache_storage,service_workers';

/** Clears what is given, and no cookie. */
async function clear(page: Page, storageTypes: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: ann.network.url, storageTypes });
}

/** Text that no compression makes smaller. */
function noise(length: number): string {
  return Array.from({ length }, () => String.fromCodePoint(0x4e00 + Math.floor(Math.random() * 20_000))).join(
    '',
  );
}

async function talkTo(nick: string): Promise<ApiPerson> {
  const other = await ApiPerson.signIn(server.url, nick);
  await ann.signIn('ann');
  await ann.select(nick);
  return other;
}

test('a full device: the text stays in the composer, reading works, nothing spins, and all comes when there is room', async () => {
  await grant(ann.page, 640_000);
  const bob = await talkTo('bob');
  await ann.write('before');
  await ann.allOwnAre('Sent');
  const isFull = ann.page.getByText('new messages cannot be kept here');
  await expect
    .poll(
      async () => {
        await bob.send(bob.draft('ann', noise(4_000)));
        return isFull.isVisible();
      },
      { ...patient, intervals: [50] },
    )
    .toBe(true);
  await ann.screenshot('storage-full');
  const readBefore = await ann.texts();
  expect(readBefore.length).toBeGreaterThan(5);

  const field = ann.page.getByRole('textbox', { name: 'Message' });
  const unsent = noise(4_000);
  await field.fill(unsent);
  await ann.page.getByRole('button', { name: 'Send' }).click();
  await expect(ann.page.getByText('This device is full, so the message could not be kept.')).toBeVisible(
    patient,
  );
  await expect(field).toHaveValue(unsent);
  const asked = () => ann.network.sent().split('GET /api/').length;
  const askedBefore = asked();
  await ann.page.waitForTimeout(4_000); // what is looked for is that next to nothing happens in it
  expect(asked() - askedBefore).toBeLessThan(12);

  await bob.send(bob.draft('ann', 'after'));
  await grant(ann.page);
  await ann.page.getByRole('button', { name: 'Try again' }).click();
  await ann.reads('after');
  await expect(isFull).toBeHidden(patient);
  await ann.page.getByRole('button', { name: 'Send' }).click();
  await ann.reads('after', unsent);
  await ann.allOwnAre('Sent');
});

test('a device with little room keeps receiving: the oldest messages go, and come back when they are scrolled to', async () => {
  // Room has to be made over and over, which takes its time.
  test.setTimeout(240_000);
  await grant(ann.page, 1_000_000);
  const bob = await talkTo('bob');
  await ann.write('mine');
  await ann.allOwnAre('Sent');
  await ann.page.getByRole('button', { name: 'Back' }).click();
  const texts = Array.from({ length: 150 }, (_, index) => `${index} ${noise(3_000)}`);
  for (let at = 0; at < texts.length; at += 20) {
    await bob.send(...texts.slice(at, at + 20).map((text) => bob.draft('ann', text)));
  }
  await expect(ann.page.getByRole('link', { name: /^bob/ })).toContainText(/149 /, {
    timeout: 60_000,
  });
  const kept = (await readStore(ann.page, 'messages')).map(({ seq }) => seq as number);
  expect(kept.length).toBeLessThan(120);
  expect(Math.max(...kept)).toBe(151);
  await expect(ann.page.getByText('new messages cannot be kept here')).toBeHidden();

  await grant(ann.page);
  await ann.select('bob');
  await ann.page.getByRole('button', { name: 'Jump to latest' }).click();
  await ann.reads(texts.at(-1)!);
  const first = ann.page.locator('ot-message .text').first();
  await expect
    .poll(
      async () => {
        await ann.page.locator('ot-thread .scroller').evaluate((scroller) => (scroller.scrollTop = 0));
        return (await first.textContent())?.slice(0, 4);
      },
      { timeout: 90_000, intervals: [50] },
    )
    .toBe('mine');
});

test('a newer version in another tab: the old tab lets go at once and says so, and nothing is lost', async () => {
  const bob = await talkTo('bob');
  await ann.write('from the old version');
  await ann.allOwnAre('Sent');
  await ann.page.getByRole('textbox', { name: 'Message' }).fill('half a thought');

  const tab = await ann.context.newPage();
  await tab.goto(`${ann.network.url}/manifest.webmanifest`);
  const tookMs = await tab.evaluate(async () => {
    const found = (await indexedDB.databases()).find(({ name }) =>
      /^opentalk-[0-9a-f]{8}-/.test(name ?? ''),
    )!;
    const began = performance.now();
    await new Promise((resolve, reject) => {
      const opening = indexedDB.open(found.name!, found.version! + 1);
      opening.onsuccess = resolve;
      opening.onerror = reject;
    });
    return performance.now() - began;
  });
  expect(tookMs).toBeLessThan(3_000);
  await expect(ann.page.getByText('OpenTalk was updated in another tab.')).toBeVisible(patient);
  await ann.screenshot('storage-updated');
  await ann.page.getByRole('textbox', { name: 'Message' }).fill('half a thought, and more');

  // Loaded anew by a server that went back to the old version: said plainly, instead of an empty list.
  await ann.page.getByRole('button', { name: 'Reload' }).click();
  await expect(ann.page.getByText('This page is older than the messages on this device')).toBeVisible(
    patient,
  );
  expect((await readStore(tab, 'messages')).map(({ text }) => text)).toEqual(['from the old version']);
  expect((await bob.history('ann')).map(({ text }) => text)).toEqual(['from the old version']);
});

test('a tab that does not let go: the new one says what it waits for, and goes on by itself', async () => {
  await talkTo('bob');
  await ann.write('kept');
  await ann.allOwnAre('Sent');
  await ann.closeApp();
  // Somebody holds the database, and wants it deleted by nobody: an open of ours then waits in the queue.
  const holder = await ann.context.newPage();
  await holder.goto(`${ann.network.url}/manifest.webmanifest`);
  await holder.evaluate(async () => {
    const found = (await indexedDB.databases()).find(({ name }) =>
      /^opentalk-[0-9a-f]{8}-/.test(name ?? ''),
    )!;
    const held = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(found.name!);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = reject;
    });
    held.onversionchange = () => {}; // does not close
    indexedDB.deleteDatabase(found.name!);
    (globalThis as { letGo?: () => void }).letGo = () => held.close();
  });
  await ann.openApp();
  await expect(ann.page.getByText('OpenTalk is waiting for another tab')).toBeVisible(patient);
  await holder.evaluate(() => (globalThis as { letGo?: () => void }).letGo!());
  await expect(ann.page.getByRole('link', { name: /^bob/ })).toContainText('kept', patient);
  await expect(ann.page.getByText('OpenTalk is waiting for another tab')).toBeHidden(patient);
});

test('a database that is cleared while it is open: everything comes back, and what is written goes out', async () => {
  const bob = await talkTo('bob');
  await ann.write('one');
  await ann.allOwnAre('Sent');
  await bob.send(bob.draft('ann', 'two'));
  await ann.reads('one', 'two');
  const other = await ann.context.newPage();
  await other.goto(`${ann.network.url}/c/bob`);
  await expect(other.locator('ot-message .text')).toHaveText(['one', 'two'], patient);
  await clear(ann.page, everything);
  await expect
    .poll(async () => (await readStore(ann.page, 'messages')).map(({ text }) => text), patient)
    .toEqual(expect.arrayContaining(['one', 'two']));
  await bob.send(bob.draft('ann', 'three'));
  await ann.reads('one', 'two', 'three');
  await expect(other.locator('ot-message .text')).toHaveText(['one', 'two', 'three'], patient);
  await ann.write('four');
  await ann.reads('one', 'two', 'three', 'four');
  await ann.allOwnAre('Sent');
  await ann.page.reload();
  await ann.reads('one', 'two', 'three', 'four');
});

test('everything evicted but the cookies: the same account and all of its messages, without being asked', async () => {
  const bob = await talkTo('bob');
  await ann.write('one');
  await ann.allOwnAre('Sent');
  await bob.send(bob.draft('ann', 'two'));
  await ann.reads('one', 'two');
  await ann.closeApp();
  await clear(await ann.context.newPage(), everything);
  await ann.openApp('/c/bob');
  await ann.reads('one', 'two');
  await ann.write('three');
  await ann.reads('one', 'two', 'three');
  await ann.allOwnAre('Sent');
  expect((await bob.history('ann')).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

test('cleared while there is no network: said so instead of asking for a nick, and all comes back with the network', async () => {
  const bob = await talkTo('bob');
  await bob.send(bob.draft('ann', 'still on the server'));
  await ann.reads('still on the server');
  await ann.closeApp();
  await clear(await ann.context.newPage(), 'indexeddb,local_storage');
  await ann.enterTunnel();
  await ann.openApp('/c/bob');
  await expect(ann.page.getByText('The browser has cleared your messages')).toBeVisible(patient);
  await expect(ann.page.getByRole('textbox', { name: 'Nick' })).toBeHidden();
  await ann.screenshot('storage-cleared-offline');
  await ann.leaveTunnel();
  await ann.reads('still on the server');
});

test('a browser that stores nothing: told so, and messages still come and go', async () => {
  await ann.context.addInitScript(() => {
    indexedDB.open = () => {
      throw new DOMException('Not in a private window.', 'SecurityError');
    };
  });
  await ann.page.reload();
  const bob = await talkTo('bob');
  await expect(ann.page.getByText('Nothing is saved on this device')).toBeVisible(patient);
  await ann.write('from memory');
  await ann.allOwnAre('Sent');
  await bob.send(bob.draft('ann', 'into memory'));
  await ann.reads('from memory', 'into memory');
  await ann.allOwnAre('Sent');
  await ann.screenshot('storage-memory');
  // The account is the cookie's, the messages are the server's.
  await ann.page.reload();
  await ann.reads('from memory', 'into memory');
  expect((await bob.history('ann')).map(({ text }) => text)).toEqual(['from memory', 'into memory']);
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await ann.page.getByRole('button', { name: 'Settings' }).click();
  await ann.page.getByRole('button', { name: 'Sign out' }).click();
  await ann.page.getByRole('button', { name: 'Sign out and delete' }).click();
  await expect(ann.page.getByRole('textbox', { name: 'Nick' })).toBeVisible(patient);
});

test('the browser is asked once to keep what is stored: after the first message, not at the start', async () => {
  await ann.context.addInitScript(() => {
    navigator.storage.persist = async () => {
      localStorage.setItem('times-asked', String(Number(localStorage.getItem('times-asked')) + 1));
      return false;
    };
  });
  await ann.page.reload();
  await talkTo('bob');
  const asked = () => ann.page.evaluate(() => localStorage.getItem('times-asked'));
  expect(await asked()).toBeNull();
  await ann.write('first');
  await expect.poll(asked, patient).toBe('1');
  await ann.page.reload();
  await ann.write('second');
  await ann.allOwnAre('Sent');
  expect(await asked()).toBe('1');
});
