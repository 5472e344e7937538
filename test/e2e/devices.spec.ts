/** Where one is signed in, what one takes along, and leaving for good: as a person does it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type Page } from 'playwright/test';
import { onSecondDevice } from '../support/add-device.ts';
import { ApiPerson } from '../support/person.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const patient = { timeout: 20_000 };

let server: TestServer;
let ann: Phone;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  await ApiPerson.signIn(server.url, 'cleo');
  ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
});

test.afterEach(async () => {
  expect(ann.complaints).toEqual([]);
  await ann.putAway();
  await server.remove();
});

const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });

async function openFromSettings(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await dialog(page, 'Settings').getByRole('button', { name }).click();
  await expect(dialog(page, name)).toBeVisible();
}

/** The session of the page, in the hand of a program. */
async function apiOf(phone: Phone): Promise<ApiPerson> {
  const cookies = await phone.context.cookies();
  const { value } = cookies.find(({ name }) => name === 'ot')!;
  const as = (me: ApiPerson['me']) => new ApiPerson(server.url, `ot=${value}`, me);
  return as((await as(undefined as never).sync()).me);
}

test('another device is seen, and signed out from here; this one stays', async () => {
  const { device } = await onSecondDevice(server, await apiOf(ann));
  const stream = await SseReader.open(device);
  await stream.nextOf('heartbeat');
  await openFromSettings(ann.page, 'Devices');
  const sheet = dialog(ann.page, 'Devices');
  const items = sheet.getByRole('listitem');
  await expect(items).toHaveCount(2);
  await expect(items.filter({ hasText: 'This device' })).toContainText('Chrome on Linux');
  const other = items.filter({ hasText: 'Firefox on Linux' });
  await expect(other).toContainText('Last used');
  await other.getByRole('button', { name: 'Sign out' }).click();
  await other.getByRole('button', { name: 'Really sign out' }).click();
  await expect(items).toHaveCount(1);
  while (await stream.next());
  expect((await device.request('/api/session')).status).toBe(401);
  await sheet.getByRole('button', { name: 'Close' }).click();
  await ann.select('cleo');
  await ann.write('still here');
  await ann.allOwnAre('Sent');
});

test('a page whose device was signed out elsewhere says so at once, and keeps what is here', async () => {
  const { device } = await onSecondDevice(server, await apiOf(ann));
  await device.request('/api/devices', { method: 'DELETE' });
  await expect(dialog(ann.page, 'Pick your nick again')).toBeVisible(patient);
  await expect(ann.page.getByText('Your messages and queue are kept.')).toBeVisible();
});

test('all that there is about a person can be taken along as a file', async () => {
  await ann.select('cleo');
  await ann.write('to cleo');
  await ann.allOwnAre('Sent');
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await ann.page.getByRole('button', { name: 'Settings' }).click();
  const [download] = await Promise.all([
    ann.page.waitForEvent('download'),
    ann.page.getByRole('link', { name: 'Download my data' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^opentalk-ann-[\d-]+\.json$/);
  const all = JSON.parse(await readFile(await download.path(), 'utf8')) as {
    person: { nick: string };
    conversations: { messages: { text: string }[] }[];
  };
  expect(all.person.nick).toBe('ann');
  expect(all.conversations[0]!.messages[0]!.text).toBe('to cleo');
});

test('an account is deleted in two steps, and what was written is gone from the other phone', async ({
  browser,
}) => {
  const bob = await Phone.take(browser, server.port);
  await bob.signIn('bob');
  await bob.select('ann');
  await bob.write('a question');
  await bob.allOwnAre('Delivered');
  await ann.select('bob');
  await ann.write('a secret');
  await bob.reads('a question', 'a secret');
  await ann.page.getByRole('button', { name: 'Back' }).click();

  await openFromSettings(ann.page, 'Delete my account');
  const sheet = dialog(ann.page, 'Delete my account');
  await sheet.getByRole('button', { name: 'Go on' }).click();
  const button = sheet.getByRole('button', { name: 'Delete for good' });
  await expect(button).toBeDisabled();
  await sheet.getByRole('textbox').fill('bob');
  await expect(button).toBeDisabled();
  await sheet.getByRole('textbox').fill('Ann');
  await button.click();

  // The sign-in is there, and works offline still; nothing of hers is on the device.
  await expect(ann.page.getByRole('textbox', { name: 'Nick', exact: true })).toBeVisible();
  const names = () => ann.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  await expect.poll(names).toEqual(['opentalk-device']);
  const kept = await ann.page.evaluate(async () => (await caches.keys()).length);
  expect(kept).toBeGreaterThan(0);
  expect(await ann.page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);

  const log = bob.page.getByRole('log');
  await expect(log.getByText('This message was deleted with its sender.')).toBeVisible(patient);
  await bob.reads('a question');
  await bob.page.getByRole('button', { name: 'About this conversation' }).click();
  await expect(dialog(bob.page, 'ann')).toContainText('All 2 messages are here, checked just now.', patient);
  await bob.page.getByRole('button', { name: 'Close' }).click();

  // Nor does anybody get the nick.
  await ann.page.getByRole('textbox', { name: 'Nick' }).fill('ann');
  await ann.page.getByRole('button', { name: 'Continue' }).click();
  await expect(ann.page.getByText("'ann' is in use.")).toBeVisible();
  await bob.putAway();
});
