/**
 * The app on the home screen: nothing keeps it from being installed, and it is offered at the right moment, in the way
 * that the browser has.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, expect, test, type Page } from 'playwright/test';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone, phoneScreen } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');

interface Picture {
  src: string;
  sizes: string;
  type: string;
}
interface Manifest {
  icons: Picture[];
  screenshots: (Picture & { form_factor: string; label: string })[];
  shortcuts: { url: string; icons: Picture[] }[];
}

let server: TestServer;

test.beforeEach(async () => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
});
test.afterEach(() => server.remove());

test('the app can be installed, and the browser has its offer kept for later', async ({ launchOptions }) => {
  const profile = mkdtempSync(path.join(tmpdir(), 'opentalk-profile-'));
  // A plain context counts as incognito, where nothing can be installed.
  const context = await chromium.launchPersistentContext(profile, {
    ...launchOptions,
    args: [...(launchOptions.args ?? []), '--bypass-app-banner-engagement-checks'],
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(`http://localhost:${server.port}`);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const devtools = await context.newCDPSession(page);
    await expect
      .poll(async () => (await devtools.send('Page.getInstallabilityErrors')).installabilityErrors)
      .toEqual([]);
    // Warnings stand among the errors, as those that are not critical.
    const { errors, data } = await devtools.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(JSON.parse(data!)).toMatchObject({
      id: '/',
      name: 'OpenTalk',
      lang: 'en',
      scope: '/',
      start_url: '/',
      display: 'standalone',
    });
    await expect
      .poll(() => page.evaluate(() => 'installPrompt' in window && window.installPrompt instanceof Event))
      .toBe(true);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true });
  }
});

test('every picture of the manifest is there in the size that it is said to have; screenshots are not kept for offline', async ({
  browser,
}) => {
  const ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  const manifest = (await (await fetch(`${ann.network.url}/manifest.webmanifest`)).json()) as Manifest;
  const { icons, screenshots, shortcuts } = manifest;
  const pictures = [...icons, ...screenshots, ...shortcuts.flatMap((shortcut) => shortcut.icons)];
  for (const { src, sizes, type } of pictures) {
    const response = await fetch(ann.network.url + src);
    expect([src, response.status, response.headers.get('Content-Type')]).toEqual([src, 200, type]);
    if (type !== 'image/png') continue;
    const header = Buffer.from(await response.arrayBuffer());
    expect([src, `${header.readUInt32BE(16)}x${header.readUInt32BE(20)}`]).toEqual([src, sizes]);
  }
  expect(new Set(screenshots.map((picture) => picture.form_factor))).toEqual(new Set(['narrow', 'wide']));
  const kept = await ann.page.evaluate(async () => {
    const [name] = await caches.keys();
    return (await (await caches.open(name!)).keys()).map(({ url }) => new URL(url).pathname);
  });
  expect(kept).toContain('/index.html');
  expect(kept.filter((address) => address.startsWith('/screenshots'))).toEqual([]);
  await ann.putAway();
});

test('a shortcut of the installed app leads to the notes to oneself, also offline', async ({ browser }) => {
  const ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await ann.enterTunnel();
  await ann.closeApp();
  await ann.openApp('/notes');
  await expect(ann.page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  expect(new URL(ann.page.url()).pathname).toBe('/c/ann');
  await ann.write('a note from the tunnel');
  await ann.leaveTunnel();
  await ann.allOwnAre('Sent');
  await ann.putAway();
});

const card = (page: Page) => page.getByRole('region', { name: 'Install the app' });

/** What Chromium does, without its window that nobody could press in. */
async function offerByBrowser(page: Page, outcome: 'accepted' | 'dismissed'): Promise<void> {
  await page.evaluate((chosen) => {
    const prompt = () => {
      document.title = 'asked';
      if (chosen === 'accepted') window.dispatchEvent(new Event('appinstalled'));
      return Promise.resolve({ outcome: chosen });
    };
    const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt });
    if (window.dispatchEvent(event)) throw new Error('The browser would have shown its own banner.');
  }, outcome);
}

test('installing is offered after the first sent message, asks when pressed, and goes when installed', async ({
  browser,
}) => {
  const ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await offerByBrowser(ann.page, 'accepted');
  await expect(card(ann.page)).toBeHidden();
  // In the settings always, for who looks for it.
  await ann.page.getByRole('button', { name: 'Settings' }).click();
  await expect(card(ann.page).getByRole('button', { name: 'Install app' })).toBeVisible();
  await ann.page.getByRole('button', { name: 'Close' }).click();
  await ann.page.goto(`${ann.network.url}/notes`);
  await offerByBrowser(ann.page, 'accepted');
  await ann.write('my first');
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await card(ann.page).getByRole('button', { name: 'Install app' }).click();
  await expect(ann.page).toHaveTitle('asked');
  await expect(card(ann.page)).toBeHidden();
  expect(ann.complaints).toEqual([]);
  await ann.putAway();
});

test('installing is offered at the second visit; "Not now" is heeded, then and later', async ({
  browser,
}) => {
  const ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await offerByBrowser(ann.page, 'dismissed');
  await expect(card(ann.page)).toBeHidden();
  await ann.closeApp();
  await ann.openApp();
  await offerByBrowser(ann.page, 'dismissed');
  await card(ann.page).getByRole('button', { name: 'Not now' }).click();
  await expect(card(ann.page)).toBeHidden();
  await ann.closeApp();
  await ann.openApp();
  await expect(ann.page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible();
  await offerByBrowser(ann.page, 'dismissed');
  await expect(card(ann.page)).toBeHidden();
  await ann.putAway();
});

test('on an iPhone the card says how, and to let what waits be sent first; on the home screen it says nothing', async ({
  browser,
}) => {
  const iPhone = {
    ...phoneScreen,
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1',
  };
  const ann = await Phone.take(browser, server.port, iPhone);
  await ann.context.addInitScript(() => {
    const standalone = localStorage.getItem('on-home-screen') !== null;
    Object.defineProperty(navigator, 'standalone', { value: standalone });
  });
  await ann.page.reload();
  await ann.signIn('ann');
  await ann.page.goto(`${ann.network.url}/notes`);
  await ann.enterTunnel();
  await ann.write('one');
  await ann.write('two');
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await expect(card(ann.page)).toContainText('Add to Home Screen');
  await expect(card(ann.page)).toContainText('2 messages still wait here');
  await expect(card(ann.page).getByRole('button', { name: 'Install app' })).toBeHidden();
  await ann.leaveTunnel();
  await expect(card(ann.page)).not.toContainText('still wait', { timeout: 20_000 });
  await ann.page.evaluate(() => localStorage.setItem('on-home-screen', '1'));
  await ann.page.reload();
  await expect(ann.page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible();
  await expect(card(ann.page)).toBeHidden();
  expect(ann.complaints).toEqual([]);
  await ann.putAway();
});
