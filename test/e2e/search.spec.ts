/** Somebody looks for what was said long ago, without a network, among years of messages. */
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { fillConversation } from './device.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');

let server: TestServer;
let ann: Phone;
let bob: ApiPerson;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  bob = await ApiPerson.signIn(server.url, 'bob');
  ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
});

test.afterEach(async () => {
  expect(ann.complaints).toEqual([]);
  await ann.putAway();
  await server.remove();
});

const field = () => ann.page.getByRole('searchbox', { name: 'Search people and messages' });
const results = () => ann.page.locator('ot-search-results');

/** So many messages of bob's are on the device, as if they had come in over years. */
async function fill(count: number): Promise<void> {
  await bob.send(bob.draft('ann', 'Message 1: the first'));
  await expect(ann.page.getByRole('link', { name: /^bob/ })).toContainText('the first');
  await fillConversation(ann.page, count, (seq) =>
    seq === 40 ? 'Wir treffen uns am Südtor 🎪' : `Message ${seq}, as long as people write`,
  );
}

test('finds a message among 50,000 without a network, and shows it in its conversation, marked', async () => {
  await fill(50_000);
  await ann.enterTunnel();
  await field().fill('sudtor');
  await expect(results().getByRole('link')).toHaveCount(1);
  await expect(results().locator('mark')).toHaveText('Südtor');
  await ann.page.screenshot({ path: 'test-results/search-results.png' });
  await results().getByRole('link').click();
  const log = ann.page.getByRole('log');
  await expect(log.getByText('Wir treffen uns am Südtor 🎪', { exact: true })).toBeInViewport();
  await expect(log.locator('mark')).toHaveText('Südtor');
  await expect(log.getByText('Message 39, as long as people write')).toBeVisible();
  await ann.page.screenshot({ path: 'test-results/search-found.png' });

  // On from there, in both directions, and to the newest at one touch.
  await log.getByText('Message 60, as long as people write').scrollIntoViewIfNeeded();
  await expect(log.getByText('Message 70, as long as people write')).toBeAttached();
  await log.getByText('Message 75, as long as people write').scrollIntoViewIfNeeded();
  await ann.page.getByRole('button', { name: 'Jump to latest' }).click();
  await expect(log.getByText('Message 50000, as long as people write')).toBeInViewport();
  expect(await log.locator('ot-message').count()).toBeLessThan(200);
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await expect(field()).toHaveValue('sudtor');
});

test('finds people and messages at once, says what it did not find, and what it could not search', async () => {
  await bob.send(...Array.from({ length: 40 }, (_, index) => bob.draft('ann', `tea no${index + 1}.`)));
  await expect(ann.page.getByRole('link', { name: /^bob/ })).toContainText('tea no40.');
  await field().fill('bob');
  await expect(ann.page.getByRole('link', { name: /^bob/ })).toBeVisible();
  await expect(results()).toContainText("No message on this device has 'bob'.");
  await field().fill('tea no7.');
  await expect(results().getByRole('link')).toHaveCount(1);
  await expect(results()).not.toContainText('not searched');

  // A device that begins anew has the last thirty.
  await ann.page.evaluate(async () => {
    const all = await indexedDB.databases();
    for (const { name } of all) indexedDB.deleteDatabase(name!);
  });
  await ann.page.reload();
  await expect(ann.page.getByRole('link', { name: /^bob/ })).toContainText('tea no40.');
  await field().fill('tea no7.');
  await expect(results()).toContainText("No message on this device has 'tea no7.'.");
  await expect(results()).toContainText('what is only on the server was not searched');
  await field().fill('tea');
  await expect(results().getByRole('link')).toHaveCount(30);
});

test('a message that waits is found, and a new one while the results are open', async () => {
  await bob.send(bob.draft('ann', 'green tea'));
  await ann.select('bob');
  await ann.enterTunnel();
  await ann.write('black tea');
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await field().fill('black');
  await results().getByRole('link').click();
  await expect(ann.page.getByRole('log').locator('mark')).toHaveText('black');
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await field().fill('tea');
  await expect(results().getByRole('link')).toHaveCount(2);
  await ann.leaveTunnel();
  await bob.send(bob.draft('ann', 'more tea'));
  await expect(results().getByRole('link')).toHaveCount(3);
});
