/** Who one is on this device: claimed once, never mixed up with anybody else, and gone without a trace when left. */
import path from 'node:path';
import { expect, test, type Page } from 'playwright/test';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');

let server: TestServer;
let ann: Phone;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  ann = await Phone.take(browser, server.port);
});

test.afterEach(async () => {
  expect(ann.complaints).toEqual([]);
  await ann.putAway();
  await server.remove();
});

const api = (nick: string) => ApiPerson.signIn(`http://localhost:${server.port}`, nick);

async function pickNick(page: Page, nick: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Nick' }).fill(nick);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function secondTab(address = '/'): Promise<Page> {
  const tab = await ann.context.newPage();
  await tab.goto(ann.network.url + address);
  return tab;
}

/** Persons who have a database on the device. */
async function personsHere(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const all = await indexedDB.databases();
    return all.filter(({ name }) => /^opentalk-[0-9a-f]{8}-/.test(name ?? '')).length;
  });
}

async function allPeople(): Promise<string[]> {
  const observer = await api('observer');
  const answer = await observer.request('/api/people');
  const { people } = (await answer.json()) as { people: { nick: string }[] };
  return people.map(({ nick }) => nick).filter((nick) => nick !== 'observer');
}

const inSheet = (name: string) => ann.page.getByRole('dialog').getByRole('button', { name });

/** The server loses everything it has. */
async function loseServerData(): Promise<void> {
  const { port } = server;
  await server.remove();
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000, port });
}

async function openSignOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
}

test('an answer that was lost at sign-in: after a reload the same nick is still one’s own', async () => {
  // The server takes the claim, and its answer is lost. Not by a reset: the browser itself would then ask again at once.
  await ann.context.route('**/api/session', async (route) => {
    const headers = { 'Content-Type': 'application/json' };
    const claim = { method: 'POST', headers, body: route.request().postData() };
    const answer = await fetch(`http://localhost:${server.port}/api/session`, claim);
    expect(answer.status).toBe(201);
    await route.abort();
  });
  await pickNick(ann.page, 'ann');
  await expect(ann.page.getByRole('alert')).toContainText('cannot be reached');
  await ann.context.unroute('**/api/session');
  await ann.page.reload();
  await pickNick(ann.page, 'ann');
  await expect(ann.page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible();
  expect(await allPeople()).toEqual(['ann']);
});

test('two tabs that claim the same nick at once, and a double click, are one person', async () => {
  const tab = await secondTab();
  for (const page of [ann.page, tab]) await page.getByRole('textbox', { name: 'Nick' }).fill('ann');
  await Promise.all([
    ann.page.getByRole('button', { name: 'Continue' }).dblclick(),
    tab.getByRole('button', { name: 'Continue' }).click(),
  ]);
  for (const page of [ann.page, tab]) {
    await expect(page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible({ timeout: 20_000 });
  }
  expect(await allPeople()).toEqual(['ann']);
  expect(await personsHere(tab)).toBe(1);
});

test('another person’s session in this browser: nothing is sent as them, every tab says so, and it goes out when one is back', async () => {
  const bob = await api('bob');
  const carol = await api('carol');
  await ann.signIn('ann');
  await ann.select('bob');
  await ann.write('as ann');
  await ann.allOwnAre('Sent');
  const [mine] = await ann.context.cookies(ann.network.url);
  const cookie = (value: string) => ({ name: mine!.name, value, url: ann.network.url });
  const tab = await secondTab('/c/bob');
  await expect(tab.getByRole('log').getByText('as ann')).toBeVisible();
  await bob.send(bob.draft('carol', 'for carol only'));
  await ann.context.addCookies([cookie(carol.cookie.split('=')[1]!)]);
  await ann.page.bringToFront();
  await ann.write('never as carol');
  for (const page of [ann.page, tab]) {
    await expect(page.getByText('Another person is signed in here.')).toBeVisible({ timeout: 20_000 });
  }
  await ann.screenshot('identity-other-person');
  await ann.page.getByRole('button', { name: 'Later' }).click();
  await ann.page.getByRole('textbox', { name: 'Message' }).pressSequentially('typing as nobody');
  expect((await carol.history('bob')).map(({ text }) => text)).toEqual(['for carol only']);
  expect((await bob.history('ann')).map(({ text }) => text)).toEqual(['as ann']);
  // Carol's message is not in ann's database, and not marked as read in carol's name.
  await expect(ann.page.getByText('for carol only')).toHaveCount(0);
  expect((await carol.sync()).conversations[0]).toMatchObject({ mine: { read: 0 }, unread: 1 });

  await ann.context.addCookies([cookie(mine!.value)]);
  await ann.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await ann.allOwnAre('Sent');
  expect((await bob.history('ann')).map(({ text }) => text)).toEqual(['as ann', 'never as carol']);
  await expect(tab.getByText('Another person is signed in here.')).toBeHidden();

  // Or the page becomes theirs; what waits is kept for whom it belongs to.
  ann.network.inject('POST /api/messages', { status: 503, body: '' }, 1_000);
  await ann.write('stays with ann');
  await ann.context.addCookies([cookie(carol.cookie.split('=')[1]!)]);
  ann.network.cut();
  await inSheet('Go on as them').click({ timeout: 20_000 });
  await expect(ann.page.getByRole('log').getByText('for carol only')).toBeVisible({ timeout: 20_000 });
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await expect(ann.page.getByText('1 message of ann also waits')).toBeVisible();
});

test('signing out asks about what waits, takes everything from this device, and every tab follows', async () => {
  await api('bob');
  await ann.signIn('ann');
  await ann.select('bob');
  // The server is there, but takes no messages at the moment.
  ann.network.inject('POST /api/messages', { status: 503, body: '' }, 1_000);
  await ann.write('waits');
  const tab = await secondTab('/c/bob');
  await expect(tab.getByRole('log').getByText('waits')).toBeVisible();
  await ann.page.bringToFront();
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await openSignOut(ann.page);
  await expect(ann.page.getByText('1 message not sent yet will be lost.')).toBeVisible();
  await ann.page.getByRole('button', { name: 'Sign out and delete' }).click();
  for (const page of [ann.page, tab]) {
    await expect(page.getByRole('textbox', { name: 'Nick' })).toBeVisible({ timeout: 20_000 });
  }
  await expect.poll(() => personsHere(ann.page), { timeout: 20_000 }).toBe(0);
  await ann.page.reload();
  await expect(ann.page.getByRole('textbox', { name: 'Nick' })).toBeVisible();
  expect(await allPeople()).toEqual(['bob']);
});

test('signing out without a connection says that it needs one, and changes nothing', async () => {
  await ann.signIn('ann');
  await ann.enterTunnel();
  await openSignOut(ann.page);
  await ann.page.getByRole('button', { name: 'Sign out and delete' }).click();
  await expect(ann.page.getByText('Signing out needs a connection.')).toBeVisible();
  await ann.page.reload();
  await expect(ann.page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible();
  await ann.leaveTunnel();
});

test('the server lost everything: what waited can be sent under the same nick, in order, when one says so', async () => {
  await api('bob');
  await ann.signIn('ann');
  await ann.select('bob');
  await ann.enterTunnel();
  await ann.write('first');
  await ann.write('second');
  await loseServerData();
  const bob = await api('bob');
  await ann.leaveTunnel();
  await inSheet('Pick a nick').click({ timeout: 20_000 });
  await pickNick(ann.page, 'ann');
  await ann.page.getByRole('button', { name: 'Back' }).click();
  const notice = ann.page.getByText('On this device 2 messages of ann also wait, never sent.');
  await expect(notice).toBeVisible();
  await ann.screenshot('identity-left-behind');
  expect(await bob.history('ann')).toEqual([]);
  await ann.page.getByRole('button', { name: 'Send them as ann' }).click();
  await expect(notice).toBeHidden();
  await expect
    .poll(async () => (await bob.history('ann')).map(({ text }) => text), { timeout: 20_000 })
    .toEqual(['first', 'second']);
  await expect.poll(() => personsHere(ann.page), { timeout: 20_000 }).toBe(1);
});

test('under another nick it waits, and is deleted only after asking; where nothing waits nothing stays', async () => {
  await api('bob');
  await ann.signIn('ann');
  await ann.select('bob');
  await ann.enterTunnel();
  await ann.write('only ann may send this');
  await ann.context.clearCookies();
  await ann.leaveTunnel();
  await inSheet('Pick a nick').click({ timeout: 20_000 });
  await pickNick(ann.page, 'anna');
  await ann.page.getByRole('button', { name: 'Back' }).click();
  const notice = ann.page.getByText('On this device 1 message of ann also waits, never sent.');
  await expect(notice).toContainText('when ann is signed in here again');
  await expect(ann.page.getByRole('button', { name: /as ann/ })).toHaveCount(0);
  await ann.page.getByRole('button', { name: 'Delete' }).click();
  await ann.page.getByRole('button', { name: 'Keep' }).click();
  await ann.page.getByRole('button', { name: 'Delete' }).click();
  await ann.page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(notice).toBeHidden();
  await expect.poll(() => personsHere(ann.page), { timeout: 20_000 }).toBe(1);

  // Anna loses her session too, and has nothing unsent: of her nothing stays.
  await ann.context.clearCookies();
  ann.network.cut();
  await inSheet('Pick a nick').click({ timeout: 20_000 });
  await pickNick(ann.page, 'anne');
  await expect(ann.page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible();
  await expect.poll(() => personsHere(ann.page), { timeout: 20_000 }).toBe(1);
});
