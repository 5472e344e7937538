/** Tabs of one browser, and what browsers do to them. */
import type { BrowserContext, Page } from 'playwright/test';
import { expect } from 'playwright/test';
import type { Phone } from './phone.ts';

/** Lets every page of `context` be hidden, and its streams be counted. Before the pages are loaded. */
export async function watchTabs(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const streams = new Set<EventSource>();
    const state = { streams, isHidden: false };
    Object.assign(globalThis, { tabState: state });
    globalThis.EventSource = class extends EventSource {
      constructor(url: string | URL) {
        super(url);
        streams.add(this);
      }
    };
    const really = Object.getOwnPropertyDescriptor(Document.prototype, 'visibilityState')!.get!;
    Object.defineProperty(document, 'visibilityState', {
      get: () => (state.isHidden ? 'hidden' : really.call(document)),
    });
  });
}

type Watched = { tabState: { streams: Set<EventSource>; isHidden: boolean } };

/** Streams that are open in this tab, or that the browser is opening again. */
export function openStreams(tab: Page): Promise<number> {
  return tab.evaluate(() => {
    const { streams } = (globalThis as unknown as Watched).tabState;
    return [...streams].filter(({ readyState }) => readyState !== EventSource.CLOSED).length;
  });
}

export async function setVisible(tab: Page, isVisible: boolean): Promise<void> {
  await tab.evaluate((visible) => {
    (globalThis as unknown as Watched).tabState.isHidden = !visible;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, isVisible);
}

export async function openTab(phone: Phone, path = '/c/bob'): Promise<Page> {
  const tab = await phone.context.newPage();
  await tab.goto(phone.network.url + path);
  await expect(tab.getByRole('textbox', { name: 'Message' })).toBeVisible({ timeout: 20_000 });
  return tab;
}

/** Freezes a tab as a browser does: it is hidden first. The answer thaws it and shows it. */
export async function freeze(tab: Page): Promise<() => Promise<void>> {
  await pretendFocus(tab, false);
  const devtools = await tab.context().newCDPSession(tab);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  return async () => {
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await pretendFocus(tab, true);
  };
}

/** Stops a tab in the middle of whatever it does, without its knowing, as when its process is stopped. */
export async function stopStill(tab: Page): Promise<() => Promise<void>> {
  const devtools = await tab.context().newCDPSession(tab);
  await devtools.send('Debugger.enable');
  const paused = new Promise((resolve) => devtools.once('Debugger.paused', resolve));
  await devtools.send('Debugger.pause');
  devtools.send('Runtime.evaluate', { expression: '0' }).catch(() => undefined);
  await paused;
  return async () => {
    await devtools.send('Debugger.resume');
    await devtools.detach();
  };
}

/**
 * Playwright keeps every page focused and thereby visible, and what is visible is never frozen. Only the session that
 * asked for that can take it back, and it is Playwright's own.
 */
async function pretendFocus(tab: Page, enabled: boolean): Promise<void> {
  interface Inner {
    _connection: {
      toImpl(page: Page): {
        delegate: { _mainFrameSession: { _client: { send(method: string, how: object): Promise<unknown> } } };
      };
    };
  }
  const { delegate } = (tab as unknown as Inner)._connection.toImpl(tab);
  await delegate._mainFrameSession._client.send('Emulation.setFocusEmulationEnabled', { enabled });
}

export async function crash(tab: Page): Promise<void> {
  const devtools = await tab.context().newCDPSession(tab);
  const crashed = tab.waitForEvent('crash');
  // It has nobody left to answer.
  devtools.send('Page.crash').catch(() => undefined);
  await crashed;
}

export async function readsIn(tab: Page, ...texts: string[]): Promise<void> {
  await expect
    .poll(
      async () =>
        (await tab.getByRole('log').locator('ot-message .text').allTextContents()).slice(-texts.length),
      { timeout: 20_000 },
    )
    .toEqual(texts);
}
