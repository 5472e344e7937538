/** Years of messages on one device: the app opens without a network, and shows the last of them. */
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { fillConversation } from './device.ts';
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

test('50,000 messages on the device: the app opens without a network, and shows the last ones', async () => {
  await bob.write('the first');
  await ann.reads('the first');
  await fillConversation(ann.page, 50_000, (seq) => `message ${seq}, of the length that people write in`);
  await ann.enterTunnel();
  await ann.closeApp();
  ann.page = await ann.context.newPage();
  await ann.page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({
      type: 'longtask',
      buffered: true,
    });
  });
  await ann.page.goto(`${ann.network.url}/c/bob`);
  const last = ann.page.getByText('message 50000, of the length that people write in', { exact: true });
  await expect(last.last()).toBeVisible({ timeout: 20_000 });
  const { tookMs, longest } = await ann.page.evaluate(() => ({
    tookMs: performance.now(),
    longest: Math.max(0, ...(window as unknown as { longTasks: number[] }).longTasks),
  }));
  // Said, not judged: other tests run beside this one.
  console.info(`50,000 messages: on the screen after ${Math.round(tookMs)} ms, longest task ${longest} ms`);
  await ann.leaveTunnel();
});
