/**
 * The main job, as a person does it: pick a nick, select a person, chat, walk into a tunnel, go on writing, close the
 * app, open it again; and on the other side everything went out once and in order.
 */
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { readStore } from './device.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const languages = [
  'Hallo Ann, bist du schon unterwegs?',
  'مرحبا، أنا في القطار الآن',
  'ใกล้ถึงแล้ว รอหน่อยนะ',
  'नमस्ते, सुरंग आ रही है',
  'Family: 👨‍👩‍👧‍👦 and a flag 🏳️‍🌈',
  'two lines\nand a\ttab',
];

let server: TestServer;
let ann: Phone;
let bob: Phone;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  ann = await Phone.take(browser, server.port);
  bob = await Phone.take(browser, server.port);
});

test.afterEach(async () => {
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
  await ann.putAway();
  await bob.putAway();
  await server.remove();
});

async function meet(): Promise<void> {
  await ann.signIn('ann');
  await bob.signIn('bob');
  await ann.select('bob');
  await bob.select('ann');
}

test('two people chat; one walks into a tunnel, writes on, closes the app, opens it again; all arrives once, in order', async () => {
  await ann.screenshot('01-sign-in');
  await meet();
  await ann.screenshot('02-empty-conversation');
  for (const text of languages) await ann.write(text);
  await bob.reads(...languages);
  await bob.write('Alles angekommen 🎉');
  await ann.reads('Alles angekommen 🎉');
  await ann.allOwnAre('Read');
  await ann.screenshot('03-chatting');

  await ann.enterTunnel();
  await expect(ann.page.getByRole('status')).toContainText('Offline', { timeout: 15_000 });
  await ann.write('first from the tunnel');
  await ann.write('ثانية من النفق');
  await expect.poll(async () => (await ann.states()).slice(-2)).toEqual(['Queued', 'Queued']);
  await ann.page.getByRole('textbox', { name: 'Message' }).fill('half a thought');
  await ann.screenshot('04-in-the-tunnel');
  await expect.poll(() => draftOf(ann)).toBe('half a thought');

  await ann.closeApp();
  await ann.openApp('/c/bob');
  await ann.reads('first from the tunnel', 'ثانية من النفق');
  await expect(ann.page.getByRole('textbox', { name: 'Message' })).toHaveValue('half a thought');
  await ann.screenshot('05-reopened-offline');
  await ann.write('third, after opening again');

  await ann.leaveTunnel();
  await ann.allOwnAre('Read');
  await ann.screenshot('06-back-online');
  const tunnel = ['first from the tunnel', 'ثانية من النفق', 'third, after opening again'];
  await bob.reads(...languages, 'Alles angekommen 🎉', ...tunnel);
  expect(await bob.texts()).toEqual([...languages, 'Alles angekommen 🎉', ...tunnel]);
  expect(await ann.texts()).toEqual(await bob.texts());
  await bob.screenshot('07-the-other-side');
  await bob.page.getByRole('button', { name: 'Back' }).click();
  await bob.screenshot('08-the-list');
});

test('what waits goes out by itself with no page open, where the browser has Background Sync', async () => {
  await meet();
  await ann.enterTunnel();
  await ann.write('sent with the app closed');
  await ann.closeApp();
  await ann.leaveTunnel();
  await bob.reads('sent with the app closed');
  await ann.openApp('/c/bob');
});

test('resumes from Last-Event-ID after a cut in the middle of a frame: no half message, none twice', async () => {
  await meet();
  await bob.write('before the cut');
  await ann.reads('before the cut');
  ann.network.cutInside('"text":"cut in');
  await bob.write('cut in the middle');
  await ann.reads('before the cut', 'cut in the middle');
  expect(ann.network.sent()).toMatch(/last-event-id: \S+/i);
  await bob.write('after the cut');
  await ann.reads('before the cut', 'cut in the middle', 'after the cut');
  expect(await ann.texts()).toEqual(['before the cut', 'cut in the middle', 'after the cut']);
});

test('a stalled connection is noticed by its silence, and nothing is lost', async () => {
  await meet();
  ann.network.stall();
  await bob.write('into the stall');
  await expect(ann.page.getByRole('status')).toContainText(/Offline|Connecting/, { timeout: 20_000 });
  ann.network.cut();
  ann.network.up();
  await ann.reads('into the stall');
});

test('an answer that was lost after the commit does not make a second message', async () => {
  await meet();
  ann.network.loseAnswerTo('POST /api/messages');
  await ann.write('only once');
  await ann.allOwnAre('Read');
  await bob.write('yes, once');
  await ann.reads('only once', 'yes, once');
  expect(await bob.texts()).toEqual(['only once', 'yes, once']);
});

test('a message that the server refuses shows why, and later ones go on', async () => {
  await meet();
  await ann.enterTunnel();
  await ann.write('to nobody any more');
  await bob.page.getByRole('button', { name: 'Back' }).click();
  await bob.page.getByRole('button', { name: 'Settings' }).click();
  await bob.page.getByRole('button', { name: 'Sign out' }).click();
  await bob.page.getByRole('button', { name: 'Sign out and delete' }).click();
  await expect(bob.page.getByRole('textbox', { name: 'Nick' })).toBeVisible();
  await ann.leaveTunnel();
  await expect(ann.page.getByText('Nobody has this nick any more.')).toBeVisible({ timeout: 20_000 });
  expect(await ann.states()).toEqual(['Failed']);
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await bob.signIn('carol');
  await ann.select('carol');
  await ann.write('this one goes');
  await ann.allOwnAre('Delivered');
});

test('a nick that cannot be is refused at the field, with what to do', async () => {
  const { page } = ann;
  const nick = page.getByRole('textbox', { name: 'Nick' });
  const go = page.getByRole('button', { name: 'Continue' });
  await go.click();
  await expect(page.getByRole('alert')).toContainText('Type a nick first');
  await nick.fill('x'.repeat(33));
  await go.click();
  await expect(page.getByRole('alert')).toContainText('too long');
  await nick.fill('two words');
  await go.click();
  await expect(page.getByRole('alert')).toContainText('Use letters, digits');
  await bob.signIn('ann');
  await nick.fill('ANN');
  await go.click();
  await expect(page.getByRole('alert')).toContainText("'ANN' is in use. Try ANN2");
  await page.getByRole('button', { name: 'Use ANN2' }).click();
  await expect(page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible();
});

async function draftOf(phone: Phone): Promise<string | undefined> {
  return (await readStore<{ text: string }>(phone.page, 'drafts'))[0]?.text;
}

test('behind a conversation nothing of the list is laid out; Back shows it, with the focus where one was', async () => {
  await meet();
  const row = ann.page.locator('ot-people-list a[data-nick="bob"]');
  const isLaidOut = () => row.evaluate((element) => element.checkVisibility());
  await expect(row).toBeAttached();
  expect(await isLaidOut()).toBe(false);
  await ann.page.getByRole('button', { name: 'Back' }).tap();
  await expect(row).toBeFocused();
  expect(await isLaidOut()).toBe(true);
});
