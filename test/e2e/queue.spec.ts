/**
 * The queue as a person sees it: what waits, why and until when; changing it, putting it in another order; and the
 * journey of a message afterwards.
 */
import path from 'node:path';
import { expect, test, type Locator } from 'playwright/test';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const patience = { timeout: 20_000 };

let server: TestServer;
let ann: Phone;
let bob: Phone;
/** How far the server's clock is ahead. */
let aheadMs = 0;

test.beforeEach(async ({ browser }) => {
  aheadMs = 0;
  server = await startTestServer({
    pageFolder,
    heartbeatMs: 2_000,
    now: () => new Date(Date.now() + aheadMs),
  });
  ann = await Phone.take(browser, server.port);
  bob = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await bob.signIn('bob');
  await ann.select('bob');
  await bob.select('ann');
});

test.afterEach(async () => {
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
  await ann.putAway();
  await bob.putAway();
  await server.remove();
});

async function intoTheTunnel(...texts: string[]): Promise<void> {
  await ann.enterTunnel();
  await expect(ann.page.getByRole('status').first()).toContainText('Offline', patience);
  for (const text of texts) await ann.write(text);
}

function sheet(phone: Phone): Locator {
  return phone.page.getByRole('dialog');
}

async function openQueue(count: string): Promise<Locator> {
  await ann.page.getByRole('button', { name: `${count}, show what waits` }).click();
  await expect(sheet(ann).getByRole('heading', { name: 'Waiting to be sent' })).toBeVisible();
  return sheet(ann);
}

function row(text: string): Locator {
  return sheet(ann).getByRole('listitem').filter({ hasText: text });
}

async function rows(): Promise<string[]> {
  return sheet(ann).locator('li .text').allTextContents();
}

async function openMessage(phone: Phone, text: string): Promise<Locator> {
  const bubble = phone.page.locator('ot-message').filter({ hasText: text });
  await bubble.getByRole('button', { name: 'Message options' }).click();
  await expect(sheet(phone).getByRole('heading', { name: 'Message' })).toBeVisible();
  return sheet(phone);
}

/** The steps of the open message, as a screen reader has them. */
async function steps(phone: Phone): Promise<string[]> {
  const all = await sheet(phone).getByRole('listitem').allInnerTexts();
  return all.map((step) =>
    step
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/(by )?\d?\d:\d\d [AP]M/g, '<time>')
      .trim(),
  );
}

test('what waits is listed, and can be changed, put in another order and deleted; it goes out as it stands then', async () => {
  await intoTheTunnel('I am on my wya', 'second thought', 'third thought', 'rather not');
  const queue = await openQueue('4 messages');
  await expect(queue).toContainText('No network');
  await expect(queue).toContainText(/next try in \d+ s|trying…/i);
  await expect(row('I am on my wya')).toContainText(/To bob/);
  await expect(row('I am on my wya')).toContainText(/not tried yet/);
  await ann.screenshot('queue-01-waiting');

  await row('I am on my wya').getByRole('button', { name: 'Edit' }).click();
  await queue.getByRole('textbox', { name: 'Text' }).fill('I am on my way');
  await queue.getByRole('button', { name: 'Save' }).click();
  await row('third thought').getByRole('button', { name: 'Move up' }).click();
  await expect.poll(rows).toEqual(['I am on my way', 'third thought', 'second thought', 'rather not']);
  await row('rather not').getByRole('button', { name: 'Delete' }).click();
  await row('rather not').getByRole('button', { name: 'Really delete' }).click();
  await expect.poll(rows).toEqual(['I am on my way', 'third thought', 'second thought']);
  await queue.getByRole('button', { name: 'Close' }).click();
  const wanted = ['I am on my way', 'third thought', 'second thought'];
  await ann.reads(...wanted);
  await expect(ann.page.getByRole('status').first()).toContainText('3 messages will be sent');

  await ann.leaveTunnel();
  await bob.reads(...wanted);
  await ann.allOwnAre('Read');
  expect(await ann.texts()).toEqual(wanted);
  expect(await bob.texts()).toEqual(wanted);
});

test('what was tried may have been sent: it can only be given up, and Try now tries at once', async () => {
  // The radio is dead, and the browser does not know it.
  ann.network.down();
  await ann.write('tried in vain');
  await expect(ann.page.getByRole('status').first()).toContainText('Offline', patience);
  await ann.write('not tried');
  const queue = await openQueue('2 messages');
  const tried = row('tried in vain');
  await expect(tried).toContainText(/tried (once|twice|\d+ times)/);
  await expect(tried).toContainText('May already have been sent. Deleting it only stops trying.');
  await expect(tried.getByRole('button', { name: 'Edit' })).toHaveCount(0);
  await expect(tried.getByRole('button', { name: 'Move down' })).toHaveCount(0);
  await expect(row('not tried').getByRole('button', { name: 'Edit' })).toBeVisible();
  await ann.screenshot('queue-02-tried');

  // Ready to press: with a network it goes out by itself a moment later, and then there is nothing to press.
  await queue.getByRole('button', { name: 'Try now' }).focus();
  ann.network.up();
  await ann.page.keyboard.press('Enter');
  await expect(queue).toContainText('Everything you wrote has been sent.', patience);
  await ann.screenshot('queue-03-all-sent');
  await bob.reads('tried in vain', 'not tried');
});

test('a message that goes out while it is being changed is not changed, and the new text is not lost', async () => {
  await intoTheTunnel('as it was');
  const queue = await openQueue('1 message');
  await queue.getByRole('button', { name: 'Edit' }).click();
  await queue.getByRole('textbox', { name: 'Text' }).fill('as it should be');
  await ann.leaveTunnel();
  await bob.reads('as it was');
  await queue.getByRole('button', { name: 'Save' }).click();
  await expect(queue.getByRole('alert')).toContainText('It was just sent, as it was.');
  await queue.getByRole('button', { name: 'Send as a new message' }).click();
  await bob.reads('as it was', 'as it should be');
  await expect(queue).toContainText('Everything you wrote has been sent.', patience);
});

test('the journey of a message through a tunnel is told on both sides, with its times, and a late one says so', async () => {
  await intoTheTunnel('from the tunnel');
  await openMessage(ann, 'from the tunnel');
  await expect
    .poll(() => steps(ann), patience)
    .toEqual([
      'Written <time>',
      'Left this device, not tried yet not yet',
      'On the server not yet',
      'On bob’s device not yet',
      'Read not yet',
    ]);
  await ann.screenshot('queue-04-journey-ahead');
  // Two hours in the tunnel.
  aheadMs = 2 * 3600 * 1000 + 60_000;
  await ann.leaveTunnel();
  await expect
    .poll(() => steps(ann), patience)
    .toEqual([
      'Written <time>',
      'Left this device <time>',
      'On the server <time>',
      'On bob’s device <time>',
      'Read <time>',
    ]);
  await ann.screenshot('queue-05-journey');
  await ann.page.keyboard.press('Escape');
  await expect(sheet(ann)).toHaveCount(0);
  for (const phone of [ann, bob]) {
    await expect(phone.page.locator('ot-message .meta')).toContainText('written 2 h ago');
  }
  await bob.screenshot('queue-06-late');
  await openMessage(bob, 'from the tunnel');
  await expect
    .poll(() => steps(bob), patience)
    .toEqual(['Written <time>', 'On the server <time>', 'On this device <time>']);
  await bob.screenshot('queue-07-journey-of-theirs');
});

test('the queue is found from the settings and from a message, and Back closes it before it leaves the screen', async () => {
  await intoTheTunnel('one', 'two');
  await openMessage(ann, 'two');
  await sheet(ann).getByRole('button', { name: 'Everything that waits' }).click();
  await expect.poll(rows).toEqual(['one', 'two']);
  await ann.page.goBack();
  await expect(sheet(ann)).toHaveCount(0);
  await expect(ann.page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await ann.page.getByRole('button', { name: 'Settings' }).click();
  await ann.screenshot('queue-08-settings');
  await sheet(ann).getByRole('button', { name: '2 messages wait' }).click();
  await expect.poll(rows).toEqual(['one', 'two']);
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.getByRole('button', { name: 'Settings' })).toBeFocused();
});

test('everything can be done with the keyboard alone, and the focus is never lost', async () => {
  await intoTheTunnel('first', 'other');
  await ann.reads('first', 'other');
  const { page } = ann;
  const options = page.locator('ot-message').last().getByRole('button', { name: 'Message options' });
  await options.focus();
  await page.keyboard.press('Enter');
  await sheet(ann).getByRole('button', { name: 'Everything that waits' }).focus();
  await page.keyboard.press('Enter');
  await expect(sheet(ann).getByRole('heading', { name: 'Waiting to be sent' })).toBeVisible();
  await row('other').getByRole('button', { name: 'Move up' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(rows).toEqual(['other', 'first']);
  await expect(row('other').getByRole('button', { name: 'Move down' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(rows).toEqual(['first', 'other']);
  await expect(row('other').getByRole('button', { name: 'Move up' })).toBeFocused();
  await row('first').getByRole('button', { name: 'Edit' }).focus();
  await page.keyboard.press('Enter');
  await expect(sheet(ann).getByRole('textbox', { name: 'Text' })).toBeFocused();
  // The first Esc lays the text down, the second closes the sheet.
  await page.keyboard.press('Escape');
  await expect(row('first').getByRole('button', { name: 'Edit' })).toBeFocused();
  await row('first').getByRole('button', { name: 'Delete' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect.poll(rows).toEqual(['other']);
  await expect(sheet(ann).getByRole('heading', { name: 'Waiting to be sent' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(sheet(ann)).toHaveCount(0);
  await expect(options).toBeFocused();
  await page.keyboard.press('Enter');
  await sheet(ann).getByRole('button', { name: 'Delete' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(sheet(ann)).toHaveCount(0);
  await expect.poll(() => ann.texts()).toEqual([]);
  // What had opened the sheet is gone with its message: the reader goes on in the conversation.
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('OT-APP');
});

test('a long press asks what can be done with a message', async () => {
  await ann.write('press me');
  await ann.allOwnAre('Read');
  const box = (await ann.page.locator('ot-message .bubble').boundingBox())!;
  const devtools = await ann.context.newCDPSession(ann.page);
  const touchPoints = [{ x: box.x + 20, y: box.y + 15 }];
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  await expect(sheet(ann).getByRole('heading', { name: 'Message' })).toBeVisible();
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(sheet(ann).getByRole('button', { name: 'Copy' })).toBeVisible();
});

test('what was refused is pointed to from everywhere, and can be sent anew', async () => {
  await intoTheTunnel('to nobody any more');
  await bob.page.getByRole('button', { name: 'Back' }).click();
  await bob.page.getByRole('button', { name: 'Settings' }).click();
  await bob.page.getByRole('button', { name: 'Sign out' }).click();
  await bob.page.getByRole('button', { name: 'Sign out and delete' }).click();
  await expect(bob.page.getByRole('textbox', { name: 'Nick' })).toBeVisible();
  await ann.leaveTunnel();
  await ann.page.getByRole('button', { name: 'Back' }).click();
  await expect(ann.page.getByRole('status').first()).toContainText('1 message was not sent', patience);
  await ann.enterTunnel();
  await expect(ann.page.getByRole('status').first()).toContainText(
    'Offline – 1 message was not sent',
    patience,
  );
  await ann.leaveTunnel();
  await ann.page.getByRole('button', { name: 'Show what waits' }).click();
  await expect(row('to nobody any more')).toContainText('Nobody has this nick any more.');
  await ann.screenshot('queue-09-refused');
  await row('to nobody any more').getByRole('button', { name: 'Edit' }).click();
  await sheet(ann).getByRole('textbox', { name: 'Text' }).fill('still nobody');
  await sheet(ann).getByRole('button', { name: 'Save' }).click();
  await expect(row('still nobody').getByRole('button', { name: 'Retry' })).toBeVisible(patience);
  await row('still nobody').getByRole('button', { name: 'Delete' }).click();
  await row('still nobody').getByRole('button', { name: 'Really delete' }).click();
  await expect(sheet(ann)).toContainText('Everything you wrote has been sent.');
});
