/** What is read aloud by itself: what comes in, and what could not be sent. Nothing else of a conversation. */
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';
import { listen } from './spoken.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');

let server: TestServer;
let ann: Phone;
let bob: ApiPerson;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  ann = await Phone.take(browser, server.port, { viewport: { width: 360, height: 740 } });
  await ann.signIn('ann');
  bob = await ApiPerson.signIn(ann.network.url, 'bob');
  for (const text of ['one', 'two']) await bob.send(bob.draft('ann', text));
  await expect(ann.page.getByRole('link', { name: /^bob/ })).toContainText('two');
});

test.afterEach(async () => {
  expect(ann.complaints).toEqual([]);
  await ann.putAway();
  await server.remove();
});

test('of a conversation only what comes in is read aloud: nothing that was there, nothing of one’s own', async () => {
  const said = await listen(ann.page);
  await ann.select('bob');
  await ann.reads('one', 'two');
  await ann.write('from me');
  await ann.allOwnAre('Sent');
  const { cursor } = await bob.sync();
  await bob.request('/api/receipts', { json: { delivered: cursor } });
  await ann.allOwnAre('Delivered');
  await bob.send(bob.draft('ann', 'three'));
  await ann.reads('three');
  await expect.poll(said).toEqual([expect.stringMatching(/^bob: three \d/)]);
});

test('that a message could not be sent is read aloud, with the reason', async () => {
  await ann.select('bob');
  await ann.enterTunnel();
  await ann.write('to nobody any more');
  await expect(ann.page.getByRole('status').filter({ hasText: 'Offline' })).toBeVisible();
  await fetch(`http://localhost:${server.port}/api/session`, {
    method: 'DELETE',
    headers: { Cookie: bob.cookie },
  });
  const said = await listen(ann.page);
  await ann.leaveTunnel();
  const saidInOne = async () => (await said()).join(' ');
  await expect.poll(saidInOne).toContain('Not sent. Nobody has this nick any more.');
  expect(await saidInOne()).not.toContain('to nobody any more');
});
