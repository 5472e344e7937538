/**
 * `npm run bench:client`: what a person waits for, in a real Chromium on a phone-sized page: the app's start without a
 * network, and the way of a message from *the network is back* to *on the other phone*. Medians of five.
 */
import { chromium, type Browser, type CDPSession, type Page } from 'playwright';
import { browserArguments, ensureChromium } from '../../.config/browser.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { ApiPerson } from '../support/person.ts';
import { Phone } from '../e2e/phone.ts';
import path from 'node:path';

const runs = 5;
const cachedMessages = 1_000;
const pageFolder = path.join(import.meta.dirname, '../../dist');

const executablePath = ensureChromium();
const browser = await chromium.launch({
  args: browserArguments,
  ...(executablePath === undefined ? {} : { executablePath }),
});
const server = await startTestServer({ pageFolder });
try {
  await measureStarts(browser, server);
  await measureReturns(browser, server);
} finally {
  await browser.close();
  await server.remove();
}

/** From the start of the navigation to the frame that shows the conversation, offline, with 1,000 messages kept. */
async function measureStarts(within: Browser, { port, url }: TestServer): Promise<void> {
  const phone = await Phone.take(within, port);
  await phone.signIn('starter');
  const friend = await ApiPerson.signIn(url, 'friend');
  for (let sent = 0; sent < cachedMessages; sent += 100) {
    const drafts = Array.from({ length: 100 }, (_, n) =>
      friend.draft('starter', `${sent + n} – A message as people write it, of some length.`),
    );
    await friend.send(...drafts);
  }
  await phone.select('friend');
  await phone.reads(`${cachedMessages - 1} – A message as people write it, of some length.`);
  await phone.enterTunnel();
  for (const slowdown of [1, 4]) {
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      await phone.closeApp();
      phone.page = await phone.context.newPage();
      const devtools = await phone.context.newCDPSession(phone.page);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
      times.push(await paintedAfter(phone.page, devtools, `${phone.network.url}/c/friend`));
    }
    tell(`offline start to the painted conversation, ${cachedMessages} messages, CPU 1/${slowdown}`, times);
  }
  await phone.putAway();
}

/** Milliseconds in the page's own clock, which begins with the navigation. */
async function paintedAfter(page: Page, devtools: CDPSession, address: string): Promise<number> {
  await page.addInitScript(() => {
    const within = (root: Document | ShadowRoot | undefined | null, name: string) =>
      root?.querySelector(name)?.shadowRoot;
    const look = () => {
      const conversation = within(within(within(document, 'ot-app'), 'ot-messenger'), 'ot-conversation');
      const messages = within(conversation, 'ot-thread')?.querySelectorAll('ot-message');
      const last = messages?.[messages.length - 1]?.shadowRoot?.querySelector('.text');
      if (!last || !within(conversation, 'ot-composer')?.querySelector('textarea')) {
        requestAnimationFrame(look);
        return;
      }
      // The frame after this one has been painted with it.
      requestAnimationFrame(() =>
        setTimeout(() => Object.assign(window, { paintedAfterMs: performance.now() })),
      );
    };
    requestAnimationFrame(look);
  });
  await page.goto(address);
  const handle = await page.waitForFunction(
    () => (window as unknown as { paintedAfterMs?: number }).paintedAfterMs,
  );
  await devtools.detach();
  return (await handle.jsonValue())!;
}

/** From the moment that the network works again to the message on the other phone. */
async function measureReturns(within: Browser, { port }: TestServer): Promise<void> {
  const ann = await Phone.take(within, port);
  const bob = await Phone.take(within, port);
  await ann.signIn('ann');
  await bob.signIn('bob');
  await ann.select('bob');
  await bob.select('ann');

  async function measure(what: string, leave: () => Promise<void>, come: () => Promise<void>): Promise<void> {
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      await leave();
      const text = `${what}, ${run}`;
      await ann.write(text);
      await ann.page.getByRole('status').filter({ hasText: 'Offline' }).waitFor();
      if (what.includes('closed')) await ann.closeApp();
      const arrived = bob.page.getByRole('log').getByText(text, { exact: true }).waitFor();
      const began = performance.now();
      await come();
      await arrived;
      times.push(performance.now() - began);
      if (what.includes('closed')) await ann.openApp('/c/bob');
      await ann.allOwnAre('Read');
    }
    tell(`network back to the message on the other phone, ${what}`, times);
  }

  const tunnel = [() => ann.enterTunnel(), () => ann.leaveTunnel()] as const;
  await measure('app open', ...tunnel);
  await measure('app closed', ...tunnel);
  // The radio was said to be fine all the time: nothing tells the page but its own timer.
  await measure(
    'app open, and no word from the system',
    ...([async () => ann.network.down(), async () => ann.network.up()] as const),
  );
  await ann.putAway();
  await bob.putAway();
}

function tell(what: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const ms = (value: number | undefined) => `${Math.round(value!)} ms`;
  console.log(`${what}: ${ms(sorted[sorted.length >> 1])} (${ms(sorted[0])} to ${ms(sorted.at(-1))})`);
}
