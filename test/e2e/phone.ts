/** A phone in a person's hand: a browser of its own, on a network of its own, and what the person does with it. */
import type { Browser, BrowserContext, Page } from 'playwright/test';
import { expect } from 'playwright/test';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';

export const phoneScreen = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

export class Phone {
  readonly context: BrowserContext;
  readonly network: FaultProxy;
  page: Page;
  /** What the page complained about. */
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, network: FaultProxy, page: Page) {
    this.context = context;
    this.network = network;
    this.page = page;
    this.#listen();
  }

  static async take(browser: Browser, serverPort: number, screen: object = phoneScreen): Promise<Phone> {
    const network = await startFaultProxy(serverPort);
    const context = await browser.newContext(screen);
    const page = await context.newPage();
    const phone = new Phone(context, network, page);
    await page.goto(network.url);
    return phone;
  }

  /** A phone whose browser is there already, without a page of ours. */
  static async takeWith(context: BrowserContext, serverPort: number): Promise<Phone> {
    const network = await startFaultProxy(serverPort);
    const phone = new Phone(context, network, await context.newPage());
    await phone.page.goto(network.url);
    return phone;
  }

  /** The same phone after its browser was started anew; the app is closed. */
  in(context: BrowserContext): Phone {
    return new Phone(context, this.network, context.pages()[0]!);
  }

  /** Signs in, and waits until what there is has been loaded, and the app is ready for offline. */
  async signIn(nick: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Nick' }).fill(nick);
    await this.page.getByRole('button', { name: 'Continue' }).click();
    await expect(this.page.getByRole('heading', { name: 'OpenTalk' })).toBeVisible();
    // The people there are, or that there is nobody.
    await expect(
      this.page.locator('ot-people-list .list > ul, ot-people-list .picture').first(),
    ).toBeAttached();
    await this.page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  }

  async select(nick: string): Promise<void> {
    await this.page.getByRole('link', { name: new RegExp(`^${nick}`) }).click();
    await expect(this.page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  }

  /** Accepts the stranger whose conversation is open. */
  async accept(): Promise<void> {
    await this.page.getByRole('button', { name: 'Accept' }).click();
  }

  async write(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Message' }).fill(text);
    await this.page.getByRole('button', { name: 'Send' }).click();
    await expect(this.page.getByRole('textbox', { name: 'Message' })).toHaveValue('');
    // The thread shows it a moment later; whoever asks for states before that asks about others.
    await expect(this.page.locator('ot-message[own]').filter({ hasText: text }).last()).toBeAttached();
  }

  /** The texts of the thread, oldest first. */
  async texts(): Promise<string[]> {
    return this.page.getByRole('log').locator('ot-message .text').allTextContents();
  }

  /** Waits until the thread ends with these texts. */
  async reads(...texts: string[]): Promise<void> {
    await expect
      .poll(async () => (await this.texts()).slice(-texts.length), { timeout: 20_000 })
      .toEqual(texts);
  }

  /** The states of the own messages, oldest first. */
  async states(): Promise<string[]> {
    const all = await this.page.locator('ot-message[own] .state .visually-hidden').allTextContents();
    return all.map((state) => state.trim());
  }

  /** Waits until every own message is in this state. */
  async allOwnAre(state: string): Promise<void> {
    await expect.poll(async () => [...new Set(await this.states())], { timeout: 20_000 }).toEqual([state]);
  }

  /** Into the tunnel: the radio is dead, and the browser knows it. */
  async enterTunnel(): Promise<void> {
    await this.context.setOffline(true);
    this.network.down();
  }

  async leaveTunnel(): Promise<void> {
    this.network.up();
    await this.context.setOffline(false);
  }

  async closeApp(): Promise<void> {
    await this.page.close();
  }

  async openApp(path = '/'): Promise<void> {
    this.page = await this.context.newPage();
    this.#listen();
    await this.page.goto(this.network.url + path);
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: `test-results/story/${name}.png` });
  }

  async putAway(): Promise<void> {
    await this.context.close();
    await this.network.close();
  }

  #listen(): void {
    this.page.on('pageerror', (error) => this.complaints.push(error.message));
    this.page.on('console', (message) => {
      if (/Content Security Policy|Trusted/i.test(message.text())) this.complaints.push(message.text());
    });
  }
}
