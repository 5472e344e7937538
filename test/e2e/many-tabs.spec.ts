/** Several tabs of one browser: they write at once, and the one with the stream goes away. */
import path from 'node:path';
import { expect, test, type Page } from 'playwright/test';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { Phone } from './phone.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');

let server: TestServer;
let ann: Phone;
let bob: Phone;

test.beforeEach(async ({ browser }) => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
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

async function openTab(): Promise<Page> {
  const tab = await ann.context.newPage();
  await tab.goto(`${ann.network.url}/c/bob`);
  await expect(tab.getByRole('textbox', { name: 'Message' })).toBeVisible();
  return tab;
}

test('five tabs that write in the same second: everything arrives once, and in the order of each tab', async () => {
  const tabs = [ann.page];
  while (tabs.length < 5) tabs.push(await openTab());
  const rounds = ['first', 'second', 'third'];
  await Promise.all(
    tabs.map(async (tab, index) => {
      for (const round of rounds) {
        await tab.getByRole('textbox', { name: 'Message' }).fill(`${index} ${round}`);
        await tab.getByRole('button', { name: 'Send' }).click();
        await expect(tab.getByRole('textbox', { name: 'Message' })).toHaveValue('');
      }
    }),
  );
  await expect
    .poll(async () => (await bob.texts()).length, { timeout: 20_000 })
    .toBe(tabs.length * rounds.length);
  const arrived = await bob.texts();
  expect(new Set(arrived).size).toBe(arrived.length);
  for (const index of tabs.keys()) {
    expect(arrived.filter((text) => text.startsWith(`${index} `))).toEqual(
      rounds.map((round) => `${index} ${round}`),
    );
  }
  await expect.poll(async () => ann.texts(), { timeout: 20_000 }).toEqual(arrived);
});

for (const [how, leave] of [
  ['is closed', (tab: Page) => tab.close()],
  // Waits for nothing: there is nobody left who could answer.
  ['crashes', async (tab: Page) => void tab.goto('chrome://crash').catch(() => undefined)],
] as const) {
  test(`the tab with the stream ${how}: another has it at once, and nothing is missing`, async () => {
    const first = ann.page;
    const second = await openTab();
    await bob.write('to both');
    await expect(second.getByText('to both', { exact: true }).last()).toBeVisible();
    await leave(first);
    await bob.write('to who is left');
    await expect(second.getByText('to who is left', { exact: true }).last()).toBeVisible({ timeout: 20_000 });
    ann.page = second;
    expect(await ann.texts()).toEqual(['to both', 'to who is left']);
  });
}
