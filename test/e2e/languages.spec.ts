/**
 * The app in the person's language: the browser's, from the first paint on, or one that was chosen in the settings; with
 * its dates, numbers and plurals, written from right to left where it is, and without a network too.
 */
import path from 'node:path';
import { expect, test, type Browser, type Page } from 'playwright/test';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone, phoneScreen } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const patient = { timeout: 20_000 };

let server: TestServer;
let phones: Phone[];

test.beforeEach(async () => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  phones = [];
});

test.afterEach(async () => {
  expect(phones.flatMap(({ complaints }) => complaints)).toEqual([]);
  for (const phone of phones) await phone.putAway();
  await server.remove();
});

async function takePhone(browser: Browser, locale: string): Promise<Phone> {
  const phone = await Phone.take(browser, server.port, { ...phoneScreen, locale });
  phones.push(phone);
  return phone;
}

/** Signs in with the words of another language, and opens a conversation with oneself or somebody. */
async function signIn({ page }: Phone, nick: string, label: string, button: string): Promise<void> {
  await page.getByRole('textbox', { name: label }).fill(nick);
  await page.getByRole('button', { name: button }).click();
  await expect(page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible();
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox').last().fill(text);
  await page.locator('button.send').click();
  await expect(page.locator('ot-message[own]').filter({ hasText: text })).toBeVisible();
}

/** The time of the last message, as the browser writes it in this language. */
async function expectTime(page: Page, locale: string): Promise<void> {
  const time = page.locator('ot-message time').last();
  const at = await time.getAttribute('datetime');
  const wanted = await page.evaluate(
    ([tag, iso]) =>
      new Intl.DateTimeFormat(tag, { hour: 'numeric', minute: '2-digit' }).format(new Date(iso)),
    [locale, at ?? ''] as const,
  );
  await expect(time).toHaveText(wanted);
}

for (const { locale, direction, heading, button } of [
  { locale: 'de-AT', direction: 'ltr', heading: 'Wähle einen Nick', button: 'Weiter' },
  { locale: 'ar', direction: 'rtl', heading: 'اختر اسمًا مستعارًا', button: 'متابعة' },
]) {
  test(`a browser in ${locale} shows no other language first, also before there is a script`, async ({
    browser,
  }) => {
    const phone = await takePhone(browser, locale);
    const { page, network } = phone;
    await phone.context.route('**/assets/*.js', () => undefined);
    await page.addInitScript(() => {
      const seen = new Set<string>();
      Object.assign(globalThis, { seen });
      const look = () => {
        const title = document.querySelector('h1');
        if (title?.checkVisibility({ visibilityProperty: true })) seen.add(title.textContent);
        requestAnimationFrame(look);
      };
      look();
    });
    // The page comes in pieces.
    network.drip(2_000);
    await page.goto(network.url, { waitUntil: 'commit' });
    await expect(page.getByRole('button', { name: button })).toBeVisible(patient);
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
    expect(await page.evaluate(() => [...(globalThis as unknown as { seen: Set<string> }).seen])).toEqual([
      heading,
    ]);
    await expect(page.locator('html')).toHaveAttribute('lang', locale.slice(0, 2));
    await expect(page.locator('html')).toHaveAttribute('dir', direction);
  });
}

test('a German browser: sign-in, dates, and what is said of one message and of two', async ({ browser }) => {
  const anna = await takePhone(browser, 'de-AT');
  const { page } = anna;
  await page.getByRole('button', { name: 'Weiter' }).click();
  await expect(page.getByRole('alert')).toContainText('Gib zuerst einen Nick ein');
  await signIn(anna, 'anna', 'Nick', 'Weiter');
  await expect(page.getByRole('searchbox', { name: 'Personen und Nachrichten suchen' })).toBeVisible();
  const bernd = await takePhone(browser, 'de-DE');
  await signIn(bernd, 'bernd', 'Nick', 'Weiter');
  await page.getByRole('link', { name: /^bernd/ }).click();
  await write(page, 'Hallo!');
  await expect(page.getByText('Heute', { exact: true })).toBeVisible();
  await expect(page.locator('ot-message .state').last()).toHaveText('Zugestellt', patient);
  await expectTime(page, 'de-AT');
  await expect(bernd.page.getByRole('link', { name: /anna/ })).toContainText('1 ungelesen', patient);

  await anna.enterTunnel();
  await write(page, 'eins');
  const status = page.getByRole('status');
  await expect(status).toContainText('Offline – 1 Nachricht wird später gesendet', patient);
  await write(page, 'zwei');
  await expect(status).toContainText('Offline – 2 Nachrichten werden später gesendet');
  await anna.leaveTunnel();
  await bernd.page.getByRole('link', { name: /anna/ }).click();
  await bernd.reads('Hallo!', 'eins', 'zwei');
});

test('an Arabic browser: from right to left, with its dual', async ({ browser }) => {
  const phone = await takePhone(browser, 'ar-EG');
  const { page } = phone;
  await signIn(phone, 'amal', 'الاسم المستعار', 'متابعة');
  await page.goto(`${phone.network.url}/notes`);
  const field = page.getByRole('textbox', { name: 'رسالة' });
  await expect(field).toHaveCSS('direction', 'rtl');
  await field.fill('Hello');
  await expect(field).toHaveCSS('direction', 'ltr');
  await write(page, 'Hello from the left');
  await expect(page.getByText('اليوم', { exact: true })).toBeVisible();
  await expectTime(page, 'ar-EG');
  // The own side is the left one, and Back points to where one came from.
  const bubble = (await page.locator('ot-message .bubble').boundingBox())!;
  expect(bubble.x).toBeLessThan(phoneScreen.viewport.width / 4);
  const back = page.getByRole('button', { name: 'رجوع' });
  expect((await back.boundingBox())!.x).toBeGreaterThan(phoneScreen.viewport.width / 2);
  const turned = (name: string) =>
    page
      .getByRole('button', { name })
      .locator('svg')
      .evaluate((svg) => getComputedStyle(svg).transform);
  expect([await turned('رجوع'), await turned('إرسال')]).toEqual([
    'matrix(-1, 0, 0, 1, 0, 0)',
    'matrix(-1, 0, 0, 1, 0, 0)',
  ]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phoneScreen.viewport.width);

  await phone.enterTunnel();
  await write(page, 'one');
  await write(page, 'two');
  await expect(page.getByRole('status')).toContainText('رسالتان ستُرسلان', patient);
});

test('another language can be chosen, also without a network, and stays; what is typed stays too', async ({
  browser,
}) => {
  const phone = await takePhone(browser, 'en-GB');
  const { page } = phone;
  await phone.signIn('ann');
  const language = (label: string) => page.getByRole('combobox', { name: label });
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(language('Language')).toHaveValue('');
  await language('Language').selectOption('日本語');
  await expect(page.getByRole('button', { name: '設定' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');

  await phone.enterTunnel();
  await page.getByRole('button', { name: '設定' }).click();
  await language('言語').selectOption('Deutsch');
  await expect(page.getByRole('button', { name: 'Einstellungen' })).toBeVisible();
  await phone.closeApp();
  await phone.openApp('/notes');
  await expect(phone.page.getByText('Notizen an dich selbst')).toBeVisible();
  await phone.page.getByRole('textbox', { name: 'Nachricht' }).fill('ein halber Gedanke');
  await phone.page.setViewportSize({ width: 900, height: 844 });
  await phone.page.getByRole('button', { name: 'Einstellungen' }).click();
  await phone.page.getByRole('combobox', { name: 'Sprache' }).selectOption('Wie auf diesem Gerät');
  await expect(phone.page.getByText('Notes to yourself')).toBeVisible();
  await expect(phone.page.getByRole('textbox', { name: 'Message' })).toHaveValue('ein halber Gedanke');
  expect(await phone.page.evaluate(() => localStorage.getItem('language'))).toBeNull();
});

test('where the words do not come at once they are asked for again, and the press is not lost', async ({
  browser,
}) => {
  const phone = await takePhone(browser, 'es-MX');
  const { page, context } = phone;
  await context.route('**/assets/words-*.json', (route) => route.abort());
  await page.goto(phone.network.url);
  await page.getByRole('textbox', { name: 'Apodo' }).fill('ana');
  const button = page.getByRole('button', { name: 'Continuar' });
  await button.click();
  await expect(button).toHaveAttribute('aria-busy', 'true');
  await context.unroute('**/assets/words-*.json');
  await expect(page.getByRole('searchbox', { name: 'Buscar personas y mensajes' })).toBeVisible(patient);
});
