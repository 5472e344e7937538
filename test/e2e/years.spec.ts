/** Years of messages in 500 conversations, without a network: only what is near the screen is read and made. */
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { fillDevice } from '../support/fill-device.ts';
import { fullDevice } from '../support/full-device.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');

let server: TestServer;
let ann: Phone;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder });
  ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await ann.enterTunnel();
  const me = await ann.page.evaluate(
    () => JSON.parse(localStorage.getItem('known')!) as { id: string; nick: string },
  );
  await fillDevice(ann.page, fullDevice(me, { conversations: 500, messages: 5_000 }, Date.now()));
  await ann.closeApp();
});

test.afterEach(async () => {
  expect(ann.complaints).toEqual([]);
  await ann.putAway();
  await server.remove();
});

const rows = () => ann.page.locator('ot-people-list li');
const bubbles = () => ann.page.getByRole('log').locator('ot-message');

/** A row that is named by its nick is found whatever else it says. */
const row = (nick: string) => ann.page.locator(`a[data-nick="${nick}"]`);

test('the list makes the rows near the screen, and the others as they come near it', async () => {
  await ann.openApp();
  await expect(row('person10')).toContainText(/\S/);
  await expect(rows()).toHaveCount(25);
  await expect(row('person25').locator('.preview')).toHaveText(/\S/);

  await row('person25').scrollIntoViewIfNeeded();
  await expect(row('person35').locator('.preview')).toHaveText(/\S/);
  expect(await rows().count()).toBeLessThan(60);

  // To the very end, however often it moves away.
  while ((await rows().count()) < 500) await rows().last().scrollIntoViewIfNeeded();
  await expect(row('person500').locator('.preview')).toHaveText(/\S/);
});

test('a conversation makes the bubbles near the screen, and leaves behind those that are far away', async () => {
  await ann.openApp('/c/person1');
  await expect(bubbles().last()).toBeInViewport();
  await expect(bubbles()).toHaveCount(51);
  const newest = await bubbles().last().locator('.text').textContent();

  const log = ann.page.getByRole('log');
  const seqs = () =>
    bubbles().evaluateAll((all) =>
      all.map((each) => (each as unknown as { message: { seq: number } }).message.seq),
    );
  const last = Math.max(...(await seqs()));
  while (Math.min(...(await seqs())) > last - 200) await bubbles().first().scrollIntoViewIfNeeded();
  const shown = await seqs();
  expect(shown.length).toBeLessThanOrEqual(100);
  expect(shown).toEqual(shown.map((_, index) => shown[0]! + index));

  await ann.page.getByRole('button', { name: 'Jump to latest' }).click();
  await expect(bubbles().last()).toBeInViewport();
  await expect(log.locator('ot-message .text').last()).toHaveText(newest!);
});
