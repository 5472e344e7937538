/**
 * The app without a mouse and without a finger: everything is reached by Tab, done by Enter, left by Esc; the focus is
 * seen wherever it is, and where a person looks for it when a screen changes.
 */
import path from 'node:path';
import { expect, test, type Locator, type Page } from 'playwright/test';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const patience = { timeout: 20_000 };

let server: TestServer;
let ann: Phone;
let page: Page;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  ann = await Phone.take(browser, server.port, { viewport: { width: 360, height: 740 } });
  page = ann.page;
  const bob = await ApiPerson.signIn(ann.network.url, 'bob');
  await ApiPerson.signIn(ann.network.url, 'carol');
  await signInByKeyboard();
  await bob.send(bob.draft('ann', 'are you there?'));
  await expect(page.getByRole('link', { name: /^bob/ })).toContainText('are you there?');
});

test.afterEach(async () => {
  expect(ann.complaints).toEqual([]);
  await ann.putAway();
  await server.remove();
});

async function signInByKeyboard(): Promise<void> {
  await tabTo(page.getByRole('textbox', { name: 'Nick' }));
  await page.keyboard.type('ann');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible(patience);
}

/** On by Tab until there; what is passed shows that it has the focus. */
async function tabTo(wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(wanted.first()).toBeVisible();
  for (let tabs = 0; tabs < 40; tabs += 1) {
    await page.keyboard.press(key);
    const focus = await focused();
    expect(focus, 'the focus is seen').toMatchObject({ isSeen: true });
    if (await wanted.evaluate((element) => element.matches(':focus'))) return;
  }
  throw new Error(`Tab does not lead to ${String(wanted)}.`);
}

/** What has the focus, through all shadow roots, and whether that is seen. */
function focused(): Promise<{ what: string; isSeen: boolean }> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element || element === document.body) return { what: 'page', isSeen: true };
    const ringed = [element, ...element.querySelectorAll('*')].some((one) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return outlineStyle !== 'none' && outlineWidth !== '0px';
    });
    const { top, bottom } = element.getBoundingClientRect();
    const isOnScreen = bottom > 0 && top < innerHeight;
    return { what: element.ariaLabel ?? element.textContent.trim(), isSeen: ringed && isOnScreen };
  });
}

const dialog = () => page.getByRole('dialog');

test('a conversation is found, written in and left by keyboard, and the focus goes along', async () => {
  await tabTo(page.getByRole('link', { name: /^bob/ }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'bob' })).toBeFocused();
  await tabTo(page.getByRole('textbox', { name: 'Message' }));
  await page.keyboard.type('yes, without a mouse');
  await page.keyboard.press('Enter');
  await ann.reads('are you there?', 'yes, without a mouse');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await page.keyboard.type('and with the button');
  await tabTo(page.getByRole('button', { name: 'Send' }));
  await page.keyboard.press('Enter');
  await ann.reads('yes, without a mouse', 'and with the button');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await tabTo(page.getByRole('button', { name: 'Back' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: /^bob/ })).toBeFocused();
});

test('a message is searched and gone to by keyboard, and what can be done with it is reached', async () => {
  await tabTo(page.getByRole('searchbox'));
  await page.keyboard.type('there');
  const hit = page.getByRole('link', { name: /are you there/ });
  await tabTo(hit.last());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'bob' })).toBeFocused();
  const options = page.getByRole('button', { name: 'Message options' });
  await tabTo(options);
  await page.keyboard.press('Enter');
  await expect(dialog().getByRole('heading', { name: 'Message' })).toBeVisible();
  await tabTo(dialog().getByRole('button', { name: 'Close' }));
  await page.keyboard.press('Enter');
  await expect(dialog()).toHaveCount(0);
  await expect(options).toBeFocused();
});

test('the settings are opened, changed and closed by keyboard, and hold the focus while they are open', async () => {
  const settings = page.getByRole('button', { name: 'Settings' });
  await tabTo(settings);
  await page.keyboard.press('Enter');
  await expect(dialog().getByRole('heading', { name: 'Settings' })).toBeVisible();
  await tabTo(dialog().getByRole('combobox', { name: 'Theme' }));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  // Once around: nothing behind it gets the focus.
  for (let tabs = 0; tabs < 12; tabs += 1) {
    await page.keyboard.press('Tab');
    const isInside = await dialog().evaluate((element) => element.matches(':focus-within'));
    const { what } = await focused();
    expect(isInside || what === 'page', what).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog()).toHaveCount(0);
  await expect(settings).toBeFocused();
});

test('what waits is reached from the bar of the connection by keyboard, tried and closed', async () => {
  await tabTo(page.getByRole('link', { name: /^bob/ }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'bob' })).toBeFocused();
  await ann.enterTunnel();
  await tabTo(page.getByRole('textbox', { name: 'Message' }));
  for (const text of ['first', 'second']) {
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('');
  }
  const waiting = page.getByRole('button', { name: '2 messages, show what waits' });
  await expect(waiting).toBeVisible(patience);
  await tabTo(waiting, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(dialog().getByRole('heading', { name: 'Waiting to be sent' })).toBeVisible();
  await tabTo(dialog().getByRole('button', { name: 'Move up' }).last());
  await page.keyboard.press('Enter');
  await expect(dialog().locator('li .text')).toHaveText(['second', 'first']);
  await tabTo(dialog().getByRole('button', { name: 'Close' }));
  await page.keyboard.press('Enter');
  await expect(dialog()).toHaveCount(0);
  await expect(waiting).toBeFocused();
});
