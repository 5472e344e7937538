/** Being left in peace, as two people live it: a request, a block, a mute, a report, and what each of them shows. */
import path from 'node:path';
import { expect, test, type Page } from 'playwright/test';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { run } from '../server/copies/command.ts';
import { axeFindings } from './axe.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const patient = { timeout: 20_000 };

let server: TestServer;
let ann: Phone;
let bob: Phone;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000, graceMs: 50 });
  ann = await Phone.take(browser, server.port);
  bob = await Phone.take(browser, server.port);
  // Half faded in, nothing has the contrast that it has then.
  await bob.page.emulateMedia({ reducedMotion: 'reduce' });
  await ann.signIn('ann');
  await bob.signIn('bob');
});

test.afterEach(async () => {
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
  await ann.putAway();
  await bob.putAway();
  await server.remove();
});

const row = ({ page }: Phone, nick: string) => page.getByRole('link', { name: new RegExp(`^${nick}`) });
const button = ({ page }: Phone, name: string) => page.getByRole('button', { name, exact: true });
const requests = ({ page }: Phone) => page.getByRole('heading', { name: 'Message requests' });
const subtitle = ({ page }: Phone) => page.locator('ot-conversation .subtitle');
const composer = ({ page }: Phone) => page.getByRole('textbox', { name: 'Message' });
const sheet = ({ page }: Phone) => page.getByRole('dialog');
const back = (phone: Phone) => button(phone, 'Back').click();

async function openAbout(phone: Phone): Promise<void> {
  await button(phone, 'About this conversation').click();
  await expect(sheet(phone)).toBeVisible();
}

/** Both have written, and each sees the other's conversation. */
async function acquainted(): Promise<void> {
  await ann.select('bob');
  await ann.write('hello bob');
  await bob.select('ann');
  await bob.write('hello ann');
  await ann.reads('hello bob', 'hello ann');
  await bob.reads('hello bob', 'hello ann');
}

async function isAccessible(page: Page): Promise<void> {
  expect(await axeFindings(page)).toEqual([]);
}

test('a stranger waits in a section of their own until they are accepted', async () => {
  await ann.select('bob');
  await ann.write('you do not know me');
  await expect(requests(bob)).toBeVisible(patient);
  await expect(row(bob, 'ann')).toBeVisible();
  await expect(row(bob, 'ann')).toContainText('you do not know me');
  await isAccessible(bob.page);

  await bob.select('ann');
  await bob.reads('you do not know me');
  await isAccessible(bob.page);
  await bob.accept();
  await expect(button(bob, 'Accept')).toBeHidden();
  await back(bob);
  await expect(row(bob, 'ann')).toContainText('you do not know me');
  await expect(requests(bob)).toBeHidden();
});

test('writing back accepts, also without a network', async () => {
  await ann.select('bob');
  await ann.write('hello?');
  await expect(requests(bob)).toBeVisible(patient);
  await bob.select('ann');
  await bob.enterTunnel();
  await bob.write('hello!');
  await expect(button(bob, 'Accept')).toBeHidden();
  await bob.leaveTunnel();
  await ann.reads('hello?', 'hello!');
  await ann.allOwnAre('Read');
  await back(bob);
  await expect(row(bob, 'ann')).toContainText('hello!');
  await expect(requests(bob)).toBeHidden();
});

test('a block that was made offline holds at once, is told later, and can be undone', async () => {
  await acquainted();
  await bob.enterTunnel();
  await openAbout(bob);
  await button(bob, 'Block').click();
  await expect(button(bob, 'Unblock').first()).toBeVisible();
  await button(bob, 'Close').click();
  await expect(composer(bob)).toBeHidden();
  await expect(bob.page.getByText('You have blocked ann.')).toBeVisible();
  await bob.page.reload();
  await expect(bob.page.getByText('You have blocked ann.')).toBeVisible();
  await bob.leaveTunnel();

  await expect.poll(async () => subtitle(ann).textContent(), patient).toBe('');
  await ann.write('are you there?');
  await expect(ann.page.getByText('This person does not take messages from you.')).toBeVisible(patient);
  await expect.poll(() => ann.states()).toEqual([expect.stringMatching(/Delivered|Read/), 'Failed']);
  expect(await bob.texts()).toEqual(['hello bob', 'hello ann']);

  await back(bob);
  await button(bob, 'Settings').click();
  await isAccessible(bob.page);
  await button(bob, 'Unblock ann').click();
  await expect(button(bob, 'Unblock ann')).toBeHidden();
  await button(bob, 'Close').click();
  await bob.select('ann');
  await expect(subtitle(ann)).toHaveText('online', patient);
  await bob.write('here I am');
  // What was refused stays behind all that was said.
  await ann.reads('here I am', 'are you there?');
});

test('what is muted is told apart, and counts nowhere', async () => {
  await acquainted();
  await openAbout(bob);
  await isAccessible(bob.page);
  await button(bob, 'Mute').click();
  await expect(button(bob, 'Unmute')).toBeVisible();
  await button(bob, 'Close').click();
  await back(bob);
  await ann.write('psst');
  await expect(row(bob, 'ann')).toContainText('psst', patient);
  await expect(row(bob, 'ann')).toContainText('muted');
  await expect(row(bob, 'ann')).not.toContainText('unread');
  // So it is on the server, too, and everywhere.
  await expect
    .poll(() => bob.page.evaluate(async () => JSON.stringify(await (await fetch('/api/peers')).json())))
    .toContain('"muted":true');
});

test('who shows nothing of themselves sees nothing of others', async () => {
  await acquainted();
  await ann.allOwnAre('Read');
  await expect(subtitle(ann)).toHaveText('online', patient);
  await back(bob);
  await button(bob, 'Settings').click();
  for (const name of ['Show when I have read', 'Show when I type', 'Show when I am online']) {
    await bob.page.getByRole('switch', { name }).click();
    await expect(bob.page.getByRole('switch', { name })).not.toBeChecked();
  }
  await button(bob, 'Close').click();
  await expect(subtitle(ann)).toHaveText('', patient);
  await bob.select('ann');
  await ann.write('are you there?');
  await bob.reads('are you there?');
  await composer(bob).pressSequentially('I type');
  await bob.write('yes, unseen');
  await ann.reads('are you there?', 'yes, unseen');
  await expect.poll(() => ann.states(), patient).toEqual(['Read', 'Delivered']);
  await expect.poll(() => bob.states(), patient).toEqual([expect.any(String), 'Delivered']);
  await expect(subtitle(bob)).toHaveText('');
});

test('a stranger is reported with the messages that one chooses, and blocked', async () => {
  await ann.select('bob');
  await ann.write('something nasty');
  await ann.write('something private');
  await expect(requests(bob)).toBeVisible(patient);
  await bob.select('ann');
  await bob.reads('something nasty', 'something private');
  await button(bob, 'Report').click();
  await isAccessible(bob.page);
  await sheet(bob).getByRole('radio', { name: 'Harassment' }).check();
  await sheet(bob).getByRole('checkbox', { name: 'something nasty' }).check();
  await sheet(bob).getByRole('textbox').fill('Please have a look.');
  await button(bob, 'Send report').click();
  await expect(sheet(bob)).toContainText('Thank you.');
  await button(bob, 'Close').click();
  await button(bob, 'Block').click();
  await expect(bob.page.getByText('You have blocked ann.')).toBeVisible();
  await back(bob);
  await expect(row(bob, 'ann')).toBeVisible();
  await expect(requests(bob)).toBeHidden();
  await expect(row(bob, 'ann')).not.toContainText('something');

  const { out } = await run('admin', { dataDir: server.dataDir }, 'report', '1');
  expect(out).toMatch(
    /bob about ann: harassment\nNote: "Please have a look\."\n\S+ ann: "something nasty"\n$/,
  );
});

test('who was banned is signed out at once, and reads why when they try again', async () => {
  await ann.select('bob');
  await run('admin', { dataDir: server.dataDir }, 'ban', 'ann');
  await expect(ann.page.getByRole('dialog')).toContainText('Your messages and queue are kept.', patient);
  await sheet(ann).getByRole('button', { name: 'Pick a nick' }).click();
  await ann.page.getByRole('textbox', { name: 'Nick' }).fill('innocent');
  await button(ann, 'Continue').click();
  await expect(ann.page.getByRole('alert')).toContainText('has banned this nick');
});
