/** What a person sets on their device: how it looks, which keys do what, and that nothing of theirs stays on it. */
import path from 'node:path';
import { expect, test, type Page } from 'playwright/test';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const desk = { viewport: { width: 1200, height: 800 } };

let server: TestServer;
let bob: ApiPerson;

test.beforeEach(async () => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  bob = await ApiPerson.signIn(server.url, 'bob');
});

test.afterEach(() => server.remove());

const settings = (page: Page) => page.getByRole('dialog', { name: 'Settings' });

async function openSettings(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(settings(page)).toBeVisible();
}

test('a theme and a text size that were chosen are there from the first paint on', async ({ browser }) => {
  const ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await openSettings(ann.page);
  await settings(ann.page).getByLabel('Theme').selectOption('dark');
  await settings(ann.page).getByLabel('Text size').selectOption('largest');
  await expect(ann.page.locator('body')).toHaveCSS('background-color', 'rgb(15, 20, 24)');
  await expect(ann.page.locator('html')).toHaveCSS('font-size', '22px');
  // The browser's own frame goes along.
  await expect(ann.page.locator('meta[data-scheme=dark]')).toHaveAttribute('media', 'all');

  await ann.page.reload({ waitUntil: 'commit' });
  await expect(ann.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(ann.page.locator('html')).toHaveCSS('font-size', '22px');
  await ann.putAway();
});

test('everything is deleted without a network, and the session ends when there is one', async ({
  browser,
}) => {
  const ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await bob.send(bob.draft('ann', 'a secret'));
  await ann.select('bob');
  await ann.reads('a secret');
  await ann.enterTunnel();
  await ann.write('never sent');
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await openSettings(ann.page);
  await settings(ann.page).getByRole('button', { name: 'Delete everything here' }).click();
  await expect(settings(ann.page).getByRole('alert')).toContainText('1 message not sent yet will be lost');
  await settings(ann.page).getByRole('button', { name: 'Delete everything now' }).click();

  // The sign-in is there, also offline; nothing of hers is.
  await expect(ann.page.getByRole('textbox', { name: 'Nick' })).toBeVisible();
  const names = () => ann.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  await expect.poll(names).toEqual(['opentalk-device']);
  await ann.page.reload();
  await expect(ann.page.getByRole('textbox', { name: 'Nick' })).toBeVisible();

  // Her nick is free once the server has heard of it.
  const isFree = async () => (await bob.sync()).people.every(({ nick }) => nick !== 'ann');
  expect(await isFree()).toBe(false);
  await ann.leaveTunnel();
  await expect.poll(isFree).toBe(true);
  await ann.putAway();
});

test('whoever signs in after everything was deleted is a new person', async ({ browser }) => {
  const ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await bob.send(bob.draft('ann', 'for the ann of before'));
  await expect(ann.page.getByRole('link', { name: /^bob/ })).toContainText('for the ann of before');
  await ann.enterTunnel();
  await openSettings(ann.page);
  await settings(ann.page).getByRole('button', { name: 'Delete everything here' }).click();
  await settings(ann.page).getByRole('button', { name: 'Delete everything now' }).click();
  await expect(ann.page.getByRole('textbox', { name: 'Nick' })).toBeVisible();
  await ann.leaveTunnel();
  await ann.page.getByRole('textbox', { name: 'Nick' }).fill('ann');
  await ann.page.getByRole('button', { name: 'Continue' }).click();
  await expect(ann.page.getByRole('link', { name: /^bob/ })).toBeVisible();
  await expect(ann.page.getByText('for the ann of before')).toBeHidden();
  await ann.putAway();
});

test('the whole app answers to shortcuts, which ? shows', async ({ browser }) => {
  const ann = await Phone.take(browser, server.port, desk);
  await ann.signIn('ann');
  const cleo = await ApiPerson.signIn(server.url, 'cleo');
  await bob.send(bob.draft('ann', 'from bob'));
  await cleo.send(cleo.draft('ann', 'from cleo'));
  await expect(ann.page.getByRole('link', { name: /^cleo/ })).toContainText('from cleo');
  const { keyboard } = ann.page;

  await keyboard.press('?');
  const sheet = ann.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet).toBeVisible();
  await expect(sheet).toContainText('Search');
  await keyboard.press('Escape');
  await expect(ann.page.locator('ot-shortcuts')).toHaveCount(0);

  await keyboard.press('/');
  await expect(ann.page.getByRole('searchbox')).toBeFocused();
  await keyboard.press('Escape');
  await keyboard.press('Alt+ArrowDown');
  await expect(ann.page.getByRole('heading', { name: 'cleo' })).toBeVisible();
  await keyboard.press('Alt+ArrowDown');
  await expect(ann.page.getByRole('heading', { name: 'bob' })).toBeVisible();
  await ann.page.getByRole('textbox', { name: 'Message' }).focus();
  await keyboard.type('why? and/or');
  await expect(ann.page.getByRole('textbox', { name: 'Message' })).toHaveValue('why? and/or');
  await keyboard.press('Alt+ArrowUp');
  await expect(ann.page.getByRole('heading', { name: 'cleo' })).toBeVisible();
  await keyboard.press('Escape');
  await expect(ann.page).toHaveURL(/\/$/);

  await keyboard.press('?');
  await sheet.getByRole('checkbox').uncheck();
  await keyboard.press('Escape');
  await expect(ann.page.locator('ot-shortcuts')).toHaveCount(0);
  await keyboard.press('/');
  await expect(ann.page.getByRole('searchbox')).not.toBeFocused();
  await keyboard.press('Control+k');
  await expect(ann.page.getByRole('searchbox')).toBeFocused();
  await ann.putAway();
});

test('with a mouse, emoji are picked beside the field, and go where the cursor is', async ({ browser }) => {
  const ann = await Phone.take(browser, server.port, desk);
  await ann.signIn('ann');
  await ann.select('bob');
  const field = ann.page.getByRole('textbox', { name: 'Message' });
  await field.fill('see you there');
  await field.press('Home');
  await ann.page.getByRole('button', { name: 'Emoji' }).click();
  await ann.page.getByRole('button', { name: '👋' }).click();
  await expect(field).toHaveValue('👋see you there');
  await expect(field).toBeFocused();
  await field.press('Enter');
  await ann.reads('👋see you there');
  await ann.putAway();
});

test('an address in a message is a link out of the app, and says where it leads', async ({ browser }) => {
  const ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await bob.send(bob.draft('ann', 'read https://example.org/a?b=1, not javascript:alert(1)'));
  await ann.select('bob');
  const link = ann.page.getByRole('log').getByRole('link');
  await expect(link).toHaveText('https://example.org/a?b=1');
  await expect(link).toHaveAttribute('href', 'https://example.org/a?b=1');
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer');
  await ann.putAway();
});

test('what is pasted is text, and what is no text says so', async ({ browser }) => {
  const ann = await Phone.take(browser, server.port, desk);
  await ann.signIn('ann');
  await ann.select('bob');
  const field = ann.page.getByRole('textbox', { name: 'Message' });
  await field.focus();
  await ann.page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(8)], 'picture.png', { type: 'image/png' }));
    let focused = document.activeElement!;
    while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    focused.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, composed: true }),
    );
  });
  await expect(ann.page.getByText('Only text can be sent.')).toBeVisible();
  await field.fill('then in words');
  await expect(ann.page.getByText('Only text can be sent.')).toBeHidden();
  await ann.putAway();
});
