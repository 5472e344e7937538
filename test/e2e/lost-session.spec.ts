/** The server no longer knows the session: the page asks for the nick again, and everything composed is kept. */
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { startTestServer } from '../support/start-test-server.ts';
import { queuedTexts } from './device.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');

test('a session that has ended elsewhere: the page asks to sign in, and the outbox is kept', async ({
  browser,
}) => {
  const server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  const ann = await Phone.take(browser, server.port);
  const bob = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await bob.signIn('bob');
  await ann.select('bob');
  await ann.enterTunnel();
  await ann.write('kept through all of it');
  // Only the cookie is gone; what is on the device is not touched.
  await ann.context.clearCookies();
  await ann.leaveTunnel();
  await expect(ann.page.getByText('Your messages and queue are kept.')).toBeVisible({ timeout: 20_000 });
  expect(await queuedTexts(ann.page)).toEqual(['kept through all of it']);
  await ann.putAway();
  await bob.putAway();
  await server.remove();
});
