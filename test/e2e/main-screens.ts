/**
 * The main screens of the real app, one after the other, as a person comes to them on a phone: for whoever wants to look
 * at each of them (a test, a picture). Times and addresses in them are of today and of this machine.
 */
import path from 'node:path';
import { expect, type Browser, type BrowserContextOptions, type Page } from 'playwright/test';
import { ApiPerson } from '../support/person.ts';
import { startTestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const patience = { timeout: 20_000 };

export type Visit = (name: string, page: Page) => Promise<void>;

export async function visitMainScreens(
  browser: Browser,
  screen: BrowserContextOptions,
  visit: Visit,
): Promise<void> {
  const server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  const ann = await Phone.take(browser, server.port, screen);
  try {
    await tour(ann, visit);
    expect(ann.complaints).toEqual([]);
  } finally {
    await ann.putAway();
    await server.remove();
  }
}

async function tour(ann: Phone, visit: Visit): Promise<void> {
  const { page } = ann;
  const dialog = page.getByRole('dialog');
  await expect(page.getByRole('heading', { name: 'Pick a nick' })).toBeVisible();
  await visit('app-sign-in', page);

  await ann.signIn('Ann');
  const jonas = await meetOthers(ann);
  await expect(page.getByRole('link', { name: /^Jonas/ })).toContainText('on the train');
  await visit('app-people', page);

  await ann.select('Jonas');
  await ann.write('Just left. Tunnels ahead, so I may go quiet for a while');
  await ann.allOwnAre('Sent');
  await jonas.send(jonas.draft('Ann', 'No hurry. What you write waits, and goes out by itself.'));
  await ann.reads('No hurry. What you write waits, and goes out by itself.');
  await visit('app-thread', page);

  await page.getByRole('button', { name: 'Message options' }).last().press('Enter');
  await expect(dialog.getByRole('heading', { name: 'Message' })).toBeVisible();
  await visit('app-message', page);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  await ann.enterTunnel();
  await expect(page.getByRole('status').filter({ hasText: 'Offline' })).toBeVisible(patience);
  await ann.write('We found the hut just before the rain.');
  await ann.write('Pictures when I am home.');
  await expect(page.getByRole('status').filter({ hasText: '2 messages will be sent' })).toBeVisible();
  await visit('app-offline', page);

  await page.getByRole('button', { name: '2 messages, show what waits' }).click();
  await expect(dialog.getByRole('heading', { name: 'Waiting to be sent' })).toBeVisible();
  await visit('app-queue', page);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(dialog).toContainText('on this device');
  await visit('app-settings', page);
  await page.keyboard.press('Escape');

  await page.getByRole('searchbox').fill('the');
  await expect(page.getByRole('heading', { name: 'Messages' })).toBeVisible();
  await visit('app-search', page);
}

/** Who else is there, and has written already; the one who goes on talking is answered. */
async function meetOthers(ann: Phone): Promise<ApiPerson> {
  const said = [
    ['Henrik', 'Found your scarf. It is at reception.'],
    ['Zoë', 'The tickets are in your mailbox.'],
    ['أمل', 'هل وصلتِ؟'],
    ['Jonas', 'Are you on the train yet?'],
  ] as const;
  await ApiPerson.signIn(ann.network.url, 'Priya');
  let last: ApiPerson | undefined;
  for (const [nick, text] of said) {
    last = await ApiPerson.signIn(ann.network.url, nick);
    await last.send(last.draft('Ann', text));
  }
  return last!;
}
