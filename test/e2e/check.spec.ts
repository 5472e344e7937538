/** Somebody wants to know whether everything that was said is on this device, and gets an answer that is true. */
import path from 'node:path';
import { expect, test, type Page } from 'playwright/test';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const patient = { timeout: 20_000 };

let server: TestServer;
let ann: Phone;
let bob: ApiPerson;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  bob = await ApiPerson.signIn(server.url, 'bob');
  ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  const texts = Array.from({ length: 304 }, (_, index) => `message ${index + 1}`);
  for (let at = 0; at < texts.length; at += 100) {
    await bob.send(...texts.slice(at, at + 100).map((text) => bob.draft('ann', text)));
  }
  await expect(ann.page.getByRole('link', { name: /^bob/ })).toContainText('message 304', patient);
});

test.afterEach(async () => {
  expect(ann.complaints).toEqual([]);
  await ann.putAway();
  await server.remove();
});

const sheet = () => ann.page.getByRole('dialog', { name: 'bob' });
const says = (words: string) => expect(sheet().locator('p')).toHaveText(words, patient);

/** Asks, and waits for this answer. */
async function isSaid(words: string): Promise<void> {
  await ann.page.getByRole('button', { name: 'About this conversation' }).click();
  await says(words);
}

async function close(): Promise<void> {
  await sheet().getByRole('button', { name: 'Close' }).click();
  await expect(sheet()).toHaveCount(0);
}

/** Spoils what the browser keeps, behind the app's back: texts of some messages, and others vanish. */
async function spoil(page: Page, how: { text?: number[]; gone?: number[] }): Promise<void> {
  await page.evaluate(async ({ text = [], gone = [] }) => {
    const all = await indexedDB.databases();
    const found = all.find((database) => /^opentalk-[0-9a-f]{8}-/.test(database.name ?? ''))!;
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open(found.name!);
      opening.onerror = () => reject(new Error('The database does not open.'));
      opening.onsuccess = () => {
        const tx = opening.result.transaction('messages', 'readwrite');
        const rows = tx.objectStore('messages').openCursor();
        rows.onsuccess = () => {
          const cursor = rows.result;
          if (!cursor) return;
          if (gone.includes(cursor.value.seq)) cursor.delete();
          if (text.includes(cursor.value.seq)) cursor.update({ ...cursor.value, text: 'spoilt' });
          cursor.continue();
        };
        tx.oncomplete = () => {
          opening.result.close();
          resolve();
        };
      };
    });
  }, how);
}

test('all messages are here: compared with the server, and remembered without a network', async () => {
  await ann.select('bob');
  await isSaid('All 304 messages are here, checked just now.');
  await ann.page.screenshot({ path: 'test-results/check-whole.png' });
  await close();
  await ann.enterTunnel();
  await isSaid(
    'All 304 messages are here, checked just now. They can be compared with the server when you are online.',
  );
  await close();
  await ann.closeApp();
  await ann.openApp('/c/bob');
  await isSaid(
    'All 304 messages are here, checked just now. They can be compared with the server when you are online.',
  );
  await ann.leaveTunnel();
  // By itself, now that it can.
  await says('All 304 messages are here, checked just now.');
  await close();
  await ann.write('and one more');
  await isSaid('All 305 messages are here, checked just now.');
});

test('what is not as it is on the server is put right', async () => {
  await ann.select('bob');
  await spoil(ann.page, { text: [3, 304] });
  await isSaid(
    'Something was not as it is on the server, and was put right. All 304 messages are here, checked just now.',
  );
  await close();
  // All of it was unread: it had begun with the first.
  await ann.page.getByRole('button', { name: 'Jump to latest' }).click();
  await ann.reads('message 303', 'message 304');
  await isSaid('All 304 messages are here, checked just now.');
});

test('what is not here is not said to be, and can be brought', async () => {
  await ann.select('bob');
  await spoil(ann.page, { gone: Array.from({ length: 200 }, (_, index) => index + 1) });
  await isSaid('The newest 104 of 304 messages are here, checked just now.');
  await ann.page.screenshot({ path: 'test-results/check-part.png' });
  await ann.page.getByRole('button', { name: 'Bring all here' }).click();
  await says('All 304 messages are here, checked just now.');
});
