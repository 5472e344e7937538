/**
 * The app is closed, or dies: what was written goes out all the same, once, with whatever this browser has for it; and
 * until then it is where it was.
 */
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { ApiPerson } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import {
  badgeOf,
  putOffNextTry,
  queuedTexts,
  readStore,
  stopAtWrite,
  takeAwaySync,
  watchBadge,
  WorkerTools,
} from './device.ts';
import { KillableBrowser } from './killable-browser.ts';
import { Phone } from './phone.ts';
import { crash, setVisible, watchTabs } from './tab.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const patient = { timeout: 20_000 };

let server: TestServer;
let bob: ApiPerson;
let ann: Phone | undefined;

test.beforeEach(async () => {
  server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  bob = await ApiPerson.signIn(server.url, 'bob');
});

test.afterEach(async () => {
  expect(ann?.complaints ?? []).toEqual([]);
  await ann?.putAway();
  ann = undefined;
  await server.remove();
});

const arrived = async () => (await bob.history('ann')).map(({ text }) => text);
const arrive = (...texts: string[]) => expect.poll(arrived, { ...patient, intervals: [50] }).toEqual(texts);
const asked = (phone: Phone, what: string) => phone.network.sent().split(what).length - 1;
const posts = (phone: Phone) => asked(phone, 'POST /api/messages');

/** How the last flush ended, and how many before it had failed. */
async function lastFlush(phone: Phone, at = phone.page): Promise<{ why: string | null; failures: number }> {
  const all = await readStore<unknown>(at, 'meta');
  const found = all.find((value) => typeof value === 'object' && value !== null && 'failures' in value);
  return (found ?? { why: null, failures: 0 }) as { why: string | null; failures: number };
}

/** A page of the origin, but not the app: to look into the device. */
async function openWindow(phone: Phone) {
  const window = await phone.context.newPage();
  await window.goto(`${phone.network.url}/manifest.webmanifest`);
  return window;
}

test('with the app closed the browser sends what waits, and the number on the icon goes away', async ({
  browser,
}) => {
  ann = await Phone.take(browser, server.port);
  await watchBadge(ann.context);
  await ann.page.reload();
  await ann.signIn('ann');
  await ann.select('bob');
  const { page } = ann;
  const worker = ann.context.serviceWorkers()[0]!;
  await ann.enterTunnel();
  await ann.write('one');
  await expect.poll(() => badgeOf(page)).toBe(1);
  await ann.write('two');
  await expect.poll(() => badgeOf(page)).toBe(2);
  await expect.poll(() => badgeOf(worker)).toBe(2);
  await ann.closeApp();
  await ann.leaveTunnel();
  await arrive('one', 'two');
  await expect.poll(() => badgeOf(worker), patient).toBe(0);

  await ann.openApp('/c/bob');
  await ann.enterTunnel();
  await ann.write('three');
  await expect.poll(() => badgeOf(ann!.page)).toBe(1);
  await ann.leaveTunnel();
  await arrive('one', 'two', 'three');
  await expect.poll(() => badgeOf(ann!.page), patient).toBe(0);
});

test('with the app closed, a first request that fails in the moment that the network is back is not the last', async ({
  browser,
}) => {
  ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await ann.select('bob');
  await ann.enterTunnel();
  await ann.write('at the second try');
  await expect.poll(() => queuedTexts(ann!.page)).toEqual(['at the second try']);
  await ann.closeApp();
  ann.network.inject('POST /api/messages', { status: 502, body: 'Bad gateway' });
  await ann.leaveTunnel();
  await arrive('at the second try');
});

test('a background sync that fails keeps everything, also the last that the browser grants', async ({
  browser,
}) => {
  ann = await Phone.take(browser, server.port);
  await ann.signIn('ann');
  await ann.select('bob');
  const window = await openWindow(ann);
  const tools = await WorkerTools.attach(window);
  // The radio is dead, and the browser does not know it.
  ann.network.down();
  await ann.write('one');
  await ann.write('two');
  await ann.closeApp();
  for (const isLast of [false, true]) {
    const { failures } = await lastFlush(ann, window);
    await tools.dispatchSync(ann.network.url, isLast);
    await expect
      .poll(async () => (await lastFlush(ann!, window)).failures, patient)
      .toBeGreaterThan(failures);
    expect(await queuedTexts(window)).toEqual(['one', 'two']);
  }
  ann.network.up();
  await ann.openApp('/c/bob');
  await arrive('one', 'two');
  await ann.allOwnAre('Sent');
});

test('the whole browser is killed right after sending: what was written goes out when it runs again, with no page open', async () => {
  const device = await KillableBrowser.start();
  try {
    const first = await Phone.takeWith(device.context, server.port);
    await first.signIn('ann');
    await first.select('bob');
    // Cookies are written to the disk at leisure.
    await device.restart();
    const phone = first.in(device.context);
    await phone.openApp('/c/bob');
    await phone.enterTunnel();
    await phone.write('just before');
    await device.kill();

    // The browser is back before the network is: it tries in vain, and once more.
    await device.start();
    const tried = phone.network.accepted();
    await expect.poll(() => phone.network.accepted(), patient).toBeGreaterThan(tried);
    phone.network.up();
    await arrive('just before');
    expect(device.context.pages().map((page) => page.url())).toEqual(['about:blank']);

    const again = first.in(device.context);
    await again.openApp('/c/bob');
    await again.reads('just before');
    await again.allOwnAre('Sent');
    expect(await queuedTexts(again.page)).toEqual([]);
    expect(again.complaints).toEqual([]);
    await phone.network.close();
  } finally {
    await device.remove();
  }
});

test('without Background Sync each of the page’s own reasons is enough to send', async ({ browser }) => {
  const phone = (ann = await Phone.take(browser, server.port));
  await takeAwaySync(phone.context);
  await watchTabs(phone.context);
  await phone.page.reload();
  await phone.signIn('ann');
  await phone.select('bob');
  const lacks = () => !('sync' in ServiceWorkerRegistration.prototype);
  expect(await phone.page.evaluate(lacks)).toBe(true);
  expect(await phone.context.serviceWorkers()[0]!.evaluate(lacks)).toBe(true);

  const sent: string[] = [];
  /** Writes without a network, brings it back without a word, and leaves nothing but `trigger` to send. */
  async function alone(
    reason: string,
    { noStream = true, noTimer = true, noApp = false },
    trigger: () => Promise<unknown> = async () => {},
  ): Promise<void> {
    phone.network.down();
    await phone.write(reason);
    await expect.poll(async () => (await lastFlush(phone)).why, patient).toBe('offline');
    if (noTimer) await putOffNextTry(phone.page);
    if (noStream) phone.network.inject('GET /api/events', { status: 502, body: 'Sorry.' }, Infinity);
    if (noApp) await phone.closeApp();
    const [before, streams] = [posts(phone), asked(phone, 'GET /api/events')];
    phone.network.up();
    if (noStream && noTimer && !noApp) {
      await expect.poll(() => asked(phone, 'GET /api/events'), patient).toBeGreaterThan(streams);
      expect(posts(phone)).toBe(before);
    }
    await trigger();
    sent.push(reason);
    await arrive(...sent);
    await phone.allOwnAre('Sent');
    phone.network.inject('GET /api/events', { status: 502 }, 0);
  }

  await alone('ack', { noStream: false });
  await alone('online', {}, () => phone.page.evaluate(() => window.dispatchEvent(new Event('online'))));
  await setVisible(phone.page, false);
  await alone('visible', {}, () => setVisible(phone.page, true));
  await alone('pageshow', {}, () =>
    phone.page.evaluate(() => {
      window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
      window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    }),
  );
  await alone('timer', { noTimer: false });
  await alone('start', { noApp: true }, () => phone.openApp('/c/bob'));
});

test('however many reasons there are, what fails is tried about once a second', async ({ browser }) => {
  const phone = (ann = await Phone.take(browser, server.port));
  await phone.signIn('ann');
  await phone.select('bob');
  phone.network.inject('POST /api/messages', { status: 502, body: 'Sorry.' }, Infinity);
  const before = posts(phone);
  await phone.write('in vain');
  const seconds = await phone.page.evaluate(async () => {
    const began = performance.now();
    for (let said = 0; said < 40; said += 1) {
      window.dispatchEvent(new Event('online'));
      document.dispatchEvent(new Event('visibilitychange'));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return (performance.now() - began) / 1_000;
  });
  const tries = posts(phone) - before;
  expect(tries).toBeGreaterThan(1);
  expect(tries).toBeLessThan(seconds + 2);
  phone.network.inject('POST /api/messages', { status: 502 }, 0);
  await arrive('in vain');
});

test('a page that crashes in the moment of sending has the message wholly queued, or wholly as its draft', async ({
  browser,
}) => {
  const phone = (ann = await Phone.take(browser, server.port));
  await phone.signIn('ann');
  await phone.select('bob');
  const window = await openWindow(phone);
  await phone.enterTunnel();
  const drafts = async () => (await readStore<{ text: string }>(window, 'drafts')).map(({ text }) => text);
  const queued: string[] = [];
  const moments = [
    ...[2, 4, 5].map((writes) => ({ writes, waitMs: 100 })),
    ...[5, 20].map((waitMs) => ({ writes: 99, waitMs })),
  ];
  for (const { writes, waitMs } of moments) {
    const text = `crashed at write ${writes}, after ${waitMs} ms`;
    const tab = phone.page;
    await tab.getByRole('textbox', { name: 'Message' }).fill(text);
    await expect.poll(drafts, patient).toEqual([text]);
    await stopAtWrite(tab, writes);
    const button = await tab.getByRole('button', { name: 'Send' }).elementHandle();
    button.evaluate((element) => (element as HTMLElement).click()).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    await crash(tab);
    await tab.close();
    const [inQueue, inDrafts] = [(await queuedTexts(window)).includes(text), (await drafts()).includes(text)];
    expect({ inQueue, inDrafts }).toEqual({ inQueue, inDrafts: !inQueue });
    const shown = (await readStore<{ text: string }>(window, 'messages')).some((row) => row.text === text);
    expect(shown).toBe(inQueue);
    if (inQueue) queued.push(text);
    await phone.openApp('/c/bob');
    await expect(phone.page.getByRole('textbox', { name: 'Message' })).toHaveValue(inQueue ? '' : text);
  }
  await phone.page.getByRole('textbox', { name: 'Message' }).fill('');
  await phone.write('the last');
  await phone.leaveTunnel();
  await arrive(...queued, 'the last');
  await phone.allOwnAre('Sent');
});

test('a worker that is stopped between sending and hearing back: the page goes on at once, and it is sent once', async ({
  browser,
}) => {
  const phone = (ann = await Phone.take(browser, server.port));
  await phone.signIn('ann');
  await phone.select('bob');
  const tools = await WorkerTools.attach(phone.page);
  phone.network.delay(2_000);
  const before = posts(phone);
  await phone.write('only once');
  await arrive('only once');
  expect(posts(phone)).toBe(before + 1);
  await tools.stop();
  await expect.poll(() => posts(phone), { ...patient, intervals: [20] }).toBe(before + 2);
  phone.network.up();
  await phone.allOwnAre('Sent');
  expect(await arrived()).toEqual(['only once']);
});

test('a worker that hangs keeps nothing back: the page sends by itself', async ({ browser }) => {
  const phone = (ann = await Phone.take(browser, server.port));
  await phone.signIn('ann');
  await phone.select('bob');
  const tools = await WorkerTools.attach(phone.page);
  phone.context
    .serviceWorkers()[0]!
    .evaluate(() => {
      for (;;);
    })
    .catch(() => undefined);
  await phone.write('past the worker');
  await arrive('past the worker');
  await phone.allOwnAre('Sent');
  await tools.stop();
});
