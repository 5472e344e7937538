/**
 * The main job in browsers without Background Sync: chat, lose the network, write on, close the page, open it again
 * without a network, and all goes out once and in order when it is back. The network is cut at the proxy.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { ApiPerson } from '../support/person.ts';
import { startTestServer } from '../support/start-test-server.ts';
import { deeply, type DrivenBrowser } from './driven-browser.ts';
import { firefoxPath, startFirefox } from './firefox.ts';
import { hasWebKit, startWebKit } from './webkit.ts';

const pageFolder = path.join(import.meta.dirname, '../../dist');
const pictures = path.join(import.meta.dirname, '../../test-results/other-browsers');
const patienceMs = 60_000;
const notBuilt = !existsSync(pageFolder) && 'not built yet: npm run build';

describe('without Background Sync, what waits goes out when the app is open and the network is back', () => {
  it('in Firefox', { skip: notBuilt || (!firefoxPath && 'Firefox is not installed') }, async (test) => {
    test.diagnostic(await live('firefox', await startFirefox(firefoxPath!)));
  });

  it('in WebKitGTK', { skip: notBuilt || (!hasWebKit && 'WebKitGTK is not installed') }, async (test) => {
    test.diagnostic(await live('webkit', await startWebKit()));
  });
});

/** Plays the story, and answers in which version. */
async function live(name: string, browser: DrivenBrowser): Promise<string> {
  const server = await startTestServer({ pageFolder, heartbeatMs: 2_000 });
  const network = await startFaultProxy(server.port);
  const friend = await ApiPerson.signIn(server.url, 'friend');
  try {
    await browser.open(network.url);
    await until(browser, `return deeply('#nick') !== undefined`);
    await ask(browser, `deeply('#nick').focus()`);
    await browser.type('ann\n');
    await until(browser, `return deeply('a[data-nick="friend"]') !== undefined`);
    await until(browser, `return navigator.serviceWorker.controller?.state === 'activated'`);
    assert.equal(
      await ask(browser, `return navigator.serviceWorker.controller.scriptURL.slice(-7)`),
      '/sw.mjs',
    );
    assert.equal(await ask(browser, `return 'SyncManager' in window`), false);

    await browser.open(`${network.url}/c/friend`);
    await write(browser, 'Hello, Grüße, مرحبا');
    await arrived(friend, 'Hello, Grüße, مرحبا');
    await friend.send(friend.draft('ann', 'all well here'));
    await shows(browser, 'all well here');

    network.down();
    await write(browser, 'first from the tunnel');
    await write(browser, 'second from the tunnel');
    await browser.open(`${network.url}/c/friend`); // by the worker: there is no network
    await shows(browser, 'second from the tunnel');
    await write(browser, 'third, after opening again');
    mkdirSync(pictures, { recursive: true });
    writeFileSync(path.join(pictures, `${name}-offline.png`), await browser.picture());

    network.up();
    await arrived(friend, 'third, after opening again');
    await friend.send(friend.draft('ann', 'welcome back'));
    await shows(browser, 'welcome back');
    const texts = (await friend.history('ann')).map(({ text }) => text);
    assert.deepEqual(texts, [
      'Hello, Grüße, مرحبا',
      'all well here',
      'first from the tunnel',
      'second from the tunnel',
      'third, after opening again',
      'welcome back',
    ]);
    assert.deepEqual(await shownTexts(browser), texts);
    return browser.version;
  } catch (error) {
    mkdirSync(pictures, { recursive: true });
    writeFileSync(path.join(pictures, `${name}-failed.png`), await browser.picture());
    throw error;
  } finally {
    await browser.quit();
    await network.close();
    await server.remove();
  }
}

function ask(browser: DrivenBrowser, body: string): Promise<unknown> {
  return browser.run(`(() => { ${deeply} ${body} })()`);
}

async function until(browser: DrivenBrowser, body: string): Promise<void> {
  await eventually(async () => (await ask(browser, body)) === true, body);
}

async function write(browser: DrivenBrowser, text: string): Promise<void> {
  await until(browser, `return deeply('textarea') !== undefined`);
  await ask(browser, `deeply('textarea').focus()`);
  await browser.type(text);
  await until(browser, `return deeply('textarea').value === ${JSON.stringify(text)}`);
  await ask(browser, `deeply('button.send').click()`);
  await until(browser, `return deeply('textarea').value === ''`);
}

async function shownTexts(browser: DrivenBrowser): Promise<unknown> {
  return ask(
    browser,
    `return all('ot-message').map((message) => message.shadowRoot.querySelector('.text')?.textContent)`,
  );
}

async function shows(browser: DrivenBrowser, text: string): Promise<void> {
  await eventually(async () => ((await shownTexts(browser)) as string[]).includes(text), `shows ${text}`);
}

async function arrived(friend: ApiPerson, text: string): Promise<void> {
  await eventually(
    async () => (await friend.history('ann')).some((message) => message.text === text),
    `arrived: ${text}`,
  );
}

async function eventually(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
