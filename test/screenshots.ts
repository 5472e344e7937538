/**
 * `npm run screenshots`: takes the pictures that a browser shows before it installs the app, of the real app with a
 * little talk in it. They are kept in the repository, so this is for whoever changes how it looks. Builds first.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, expect, type Page } from 'playwright/test';
import { browserArguments, findChromium } from '../.config/browser.ts';
import '../.config/build.ts';
import { phoneScreen, Phone } from './e2e/phone.ts';
import { ApiPerson } from './support/person.ts';
import { startTestServer } from './support/start-test-server.ts';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'client/screenshots');
const narrow = { ...phoneScreen, deviceScaleFactor: 2 };
const wide = { viewport: { width: 1280, height: 800 } };

await mkdir(folder, { recursive: true });
const server = await startTestServer({ pageFolder: path.join(root, 'dist'), heartbeatMs: 2_000 });
const executablePath = findChromium();
const browser = await chromium.launch({
  args: browserArguments,
  ...(executablePath === undefined ? {} : { executablePath }),
});

const mia = await Phone.take(browser, server.port, narrow);
const jonas = await Phone.take(browser, server.port, wide);
await mia.signIn('Mia');
await jonas.signIn('Jonas');
const others = [
  ['أمل', 'هل وصلتِ؟'],
  ['Zoë', 'The tickets are in your mailbox.'],
  ['Tomás', 'Nos vemos el domingo'],
  ['Priya', 'Thanks again for the book!'],
  ['Книжный.клуб', 'Вторник, в семь'],
  ['Henrik', 'Found your scarf. It is at reception.'],
] as const;
for (const [nick, text] of others.toReversed()) {
  const person = await ApiPerson.signIn(mia.network.url, nick);
  await accept(mia.page, nick);
  await person.send(person.draft('Mia', text));
}
await jonas.select('Mia');
await mia.select('Jonas');
await jonas.write('Are you on the train yet?');
await mia.reads('Are you on the train yet?');
await mia.write('Just left. Tunnels ahead, so I may go quiet for a while');
await jonas.write('No hurry. What you write waits and goes out by itself.');
await mia.reads('No hurry. What you write waits and goes out by itself.');
await mia.write('Then I will tell you about the weekend!');
await mia.allOwnAre('Read');
await take(mia.page, 'chat');

await mia.enterTunnel();
await expect(mia.page.getByRole('status').filter({ hasText: 'Offline' })).toBeVisible({ timeout: 20_000 });
await mia.write('We found the hut just before the rain.');
await mia.write('Pictures when I am home.');
await expect(mia.page.getByText('2 messages will be sent')).toBeVisible();
await take(mia.page, 'tunnel');
await mia.leaveTunnel();
await mia.allOwnAre('Read');
await jonas.write('Sounds lovely. See you at the station.');
await mia.reads('Sounds lovely. See you at the station.');
await mia.page.getByRole('button', { name: 'Back' }).click();
await expect(mia.page.getByText('Sounds lovely')).toBeVisible();
await take(mia.page, 'people');
await take(jonas.page, 'wide');

await Promise.all([mia, jonas].map((phone) => phone.putAway()));
await browser.close();
await server.remove();

/** Without the focus or a bar of the moment in it. */
async function take(page: Page, name: string): Promise<void> {
  await page.getByRole('heading').first().focus();
  await expect(page.getByText(/Back online|All sent|Connecting/)).toBeHidden({ timeout: 10_000 });
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
}

/** She knows them: what they write is no request of a stranger. */
function accept(page: Page, nick: string): Promise<void> {
  return page.evaluate(async (name) => {
    await fetch(`/api/peers/${encodeURIComponent(name)}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ accepted: true }),
    });
  }, nick);
}
