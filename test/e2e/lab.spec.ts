/** The lab: somebody new meets the people of the demo, and turns the dials of the network from its page. */
import { expect, test, type Page } from 'playwright/test';
import { startLab, type Lab } from '../lab/start-lab.ts';
import { Phone } from './phone.ts';

let lab: Lab;
let ulla: Phone;
let dials: Page;
const troubles: unknown[] = [];

test.beforeEach(async ({ browser }) => {
  troubles.length = 0;
  lab = await startLab({
    port: 0,
    dialsPort: 0,
    seed: 1,
    pace: 0.1,
    report: (error) => troubles.push(error),
  });
  ulla = await Phone.take(browser, Number(new URL(lab.appUrl).port));
  dials = await browser.newPage();
  await dials.goto(lab.dialsUrl);
  await ulla.signIn('Ulla');
});

test.afterEach(async () => {
  expect([...ulla.complaints, ...troubles]).toEqual([]);
  await dials.close();
  await ulla.putAway();
  await lab.close();
});

const now = () => dials.getByRole('status');
const dial = (name: string) => dials.getByRole('switch', { name: new RegExp(`^${name}`) });
const press = (name: string) => dials.getByRole('button', { name: new RegExp(`^${name}`) }).click();
const long = { timeout: 20_000 };

/** How many messages of others the thread shows. */
const heard = () => ulla.page.locator('ot-message:not([own])').count();

test('somebody writes first to who is new, types, reads, and answers', async () => {
  const mia = ulla.page.getByRole('link', { name: /^Mia/ });
  await expect(mia).toContainText('Ulla', long); // every greeting of hers calls the newcomer by name
  await ulla.select('Mia');
  const before = await heard();
  await ulla.write('Is there a good place for soup?');
  await ulla.allOwnAre('Read');
  await expect.poll(heard, long).toBeGreaterThan(before);
});

test('the app feels each dial, and has lost nothing when it is turned back', async () => {
  test.setTimeout(120_000);
  const status = ulla.page.getByRole('status');
  await ulla.select('Priya');
  await ulla.write('before');
  await ulla.allOwnAre('Read');
  await expect(now()).toHaveText('Everything works');

  await dial('Tunnel').click();
  await expect(now()).toHaveText('No network at all');
  await ulla.write('in the tunnel');
  await expect.poll(() => ulla.states()).toEqual(['Read', 'Queued']);
  await expect(status).toContainText('Offline', long);
  await dial('Tunnel').click();
  await ulla.allOwnAre('Read');

  await dial('Captive portal').click();
  await expect(now()).toContainText('captive portal');
  await ulla.write('at the portal');
  await expect.poll(async () => (await ulla.states()).at(-1)).toBe('Queued');
  await dial('Captive portal').click();
  await ulla.allOwnAre('Read');

  await press('Lose the next answer');
  await expect(dials.getByText('The answer to the next message gets lost')).toBeVisible();
  await ulla.write('answered in vain');
  await ulla.allOwnAre('Read');
  await press('Say the next one twice');
  await expect(dials.getByText('The next message goes to the server twice')).toBeVisible();
  await ulla.write('said twice');
  await ulla.allOwnAre('Read');
  const own = await ulla.page.locator('ot-message[own] .text').allTextContents();
  expect(own).toEqual(['before', 'in the tunnel', 'at the portal', 'answered in vain', 'said twice']);
});

test('the page counts, travels, and goes back to a good network', async () => {
  const figure = (name: string) => dials.locator(`[data-figure=${name}]`);
  await expect(figure('streams')).toHaveText('1');
  await expect(figure('down')).toContainText('kB');
  await expect(figure('lived')).toHaveText('–');
  await press('Cut');
  await expect(figure('streams')).toHaveText('2', long);
  await expect(figure('lived')).toContainText('s');

  await press('Train');
  await expect(now()).toContainText('Open country');
  await expect(dials.getByRole('button', { name: /^Train/ })).toHaveAttribute('aria-pressed', 'true');
  await expect(dials.getByText(/^goes on in \d+ s$/)).toBeVisible();
  const speed = dials.getByRole('slider', { name: /^Speed/ });
  await expect(speed).toHaveAttribute('aria-valuetext', '2,000 kbit/s');
  await dials.setViewportSize({ width: 390, height: 844 });
  await speed.fill('4');
  await expect(now()).toContainText('50 kbit/s');
  await expect(dials.getByRole('button', { name: /^Train/ })).toHaveAttribute('aria-pressed', 'false');
  await press('Back to a good network');
  await expect(now()).toHaveText('Everything works');
});

test('only its own page turns the dials', async ({ request }) => {
  const url = `${lab.dialsUrl}/api/network`;
  const data = { act: 'cut' };
  expect((await request.post(url, { data, headers: { Origin: 'http://evil.test' } })).status()).toBe(403);
  expect((await request.post(url, { data, headers: { 'Sec-Fetch-Site': 'cross-site' } })).status()).toBe(403);
  expect((await request.post(url, { data, headers: { Host: 'evil.test' } })).status()).toBe(403);
  expect((await request.post(url, { form: data })).status()).toBe(415);
  expect((await request.post(url, { data: { act: 'explode' } })).status()).toBe(400);
  expect((await request.post(url, { data: { dials: { kbit: -1 } } })).status()).toBe(400);
  expect((await request.post(url, { data })).status()).toBe(204);
});
