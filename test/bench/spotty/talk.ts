/**
 * One contender's conversation: ann's phone is on the spotty network, bob's on a good one, and both write at given times,
 * by pressing Send on the page.
 */
import type { Browser, BrowserContext, Page } from 'playwright';
import { expect } from 'playwright/test';
import { seededRandom } from '../../lab/reply.ts';
import { startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts';
import { seenTexts, textsNow, watchTexts } from '../watch-texts.ts';
import { BytesByKind, type Traffic } from './bytes-by-kind.ts';
import type { Contender, Nick } from './contender.ts';
import { directionOf, type Direction } from './figures.ts';
import type { Line, Step } from './profile.ts';
import { countWakeUps, wakeUps } from './wake-ups.ts';

export interface Result {
  contender: string;
  /** From ann's phone, and to it. */
  out: Direction;
  back: Direction;
  /** Of ann's phone, from the first Send until everything was there or nothing more was waited for. */
  tookMs: number;
  requests: number;
  wakeUps: number;
  upBytes: number;
  downBytes: number;
  /** By method and path, the most first. */
  kinds: Record<string, Traffic>;
}

const screen = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const lookEveryMs = 20;
/** How people write: some words, seldom more. */
const filler = 'and then the train went on, slowly, and nobody knew why it had stood there';

export class Talk {
  readonly name: string;
  readonly #close: () => Promise<void>;
  readonly #network: FaultProxy;
  readonly #contexts: Record<Nick, BrowserContext>;
  readonly #pages: Record<Nick, Page>;
  readonly #bytes: BytesByKind<object>;
  readonly #pressedAt = { ann: new Map<string, number>(), bob: new Map<string, number>() };
  #requests = 0;

  private constructor(
    name: string,
    parts: {
      close: () => Promise<void>;
      network: FaultProxy;
      contexts: Record<Nick, BrowserContext>;
      pages: Record<Nick, Page>;
      bytes: BytesByKind<object>;
    },
  ) {
    this.name = name;
    this.#close = parts.close;
    this.#network = parts.network;
    this.#contexts = parts.contexts;
    this.#pages = parts.pages;
    this.#bytes = parts.bytes;
  }

  /** Both are there and connected, over a good network. */
  static async begin(browser: Browser, contender: Contender, seed: number): Promise<Talk> {
    const server = await contender.start();
    const bytes = new BytesByKind();
    const network = await startFaultProxy(server.port, {
      keepsSent: false,
      random: seededRandom(seed),
      onBytes: (way, count, link) => bytes.add(way, count, link),
      onRequest: (head, link) => bytes.begin(head, link),
    });
    const contexts = { ann: await browser.newContext(screen), bob: await browser.newContext(screen) };
    await countWakeUps(contexts.ann);
    const pages = {
      ann: await contender.enter(contexts.ann, network.port, 'ann'),
      bob: await contender.enter(contexts.bob, server.port, 'bob'),
    };
    await contender.meet(pages.ann, 'bob');
    await contender.meet(pages.bob, 'ann');
    for (const page of Object.values(pages)) await watchTexts(page, lookEveryMs);
    return new Talk(contender.name, { close: () => server.close(), network, contexts, pages, bytes });
  }

  setLine({ isStalled, delayMs, bytesPerSecond, lossRate }: Partial<Line>): void {
    if (delayMs !== undefined) this.#network.delay(delayMs);
    if (bytesPerSecond !== undefined) this.#network.drip(bytesPerSecond);
    if (lossRate !== undefined) this.#network.lose(lossRate);
    if (isStalled === true) this.#network.stall();
    if (isStalled === false) this.#network.unstall();
  }

  async take({ line, notices, forgets }: Step): Promise<void> {
    if (forgets) this.#network.halfOpen();
    if (line) this.setLine(line);
    if (notices) await this.#contexts.ann.setOffline(notices === 'offline');
  }

  /** Presses Send at these times from now, and says when everything stood on the other phone, or `patience` is over. */
  async run(
    sendAt: Record<Nick, readonly number[]>,
    conduct: Promise<unknown>,
    patience: AbortSignal,
  ): Promise<Result> {
    const began = Date.now();
    const before = { kinds: structuredClone(this.#bytes.kinds), wakeUps: await wakeUps(this.#contexts.ann) };
    this.#countRequests();
    await Promise.all([this.#write('ann', sendAt.ann), this.#write('bob', sendAt.bob), conduct]);
    while (!patience.aborted && !(await this.#isComplete())) await pause(250);
    const tookMs = Date.now() - began;
    const kinds = this.#bytes.since(before.kinds);
    const total = (way: 'up' | 'down') => Object.values(kinds).reduce((sum, kind) => sum + kind[way], 0);
    return {
      contender: this.name,
      out: await this.#direction('ann', 'bob'),
      back: await this.#direction('bob', 'ann'),
      tookMs,
      requests: this.#requests,
      wakeUps: (await wakeUps(this.#contexts.ann)) - before.wakeUps,
      upBytes: total('up'),
      downBytes: total('down'),
      kinds,
    };
  }

  async end(): Promise<void> {
    for (const context of Object.values(this.#contexts)) await context.close();
    await this.#network.close();
    await this.#close();
  }

  async #write(nick: Nick, times: readonly number[]): Promise<void> {
    const page = this.#pages[nick];
    const field = page.getByRole('textbox', { name: 'Message' });
    const button = page.getByRole('button', { name: 'Send' });
    await button.evaluate((element) => {
      const noted = globalThis as { pressedAt?: number };
      element.addEventListener('click', () => (noted.pressedAt = Date.now()), { capture: true });
    });
    const began = Date.now();
    for (const [count, at] of times.entries()) {
      const text = `${nick} ${count + 1} ${filler.slice(0, 10 + ((count * 17) % 60))}`.trim();
      await pause(Math.max(0, began + at - Date.now()));
      await field.fill(text);
      await button.click();
      this.#pressedAt[nick].set(
        text,
        await page.evaluate(() => (globalThis as { pressedAt?: number }).pressedAt!),
      );
      await expect(field).toHaveValue('');
    }
  }

  #countRequests(): void {
    const isOfServer = (url: string) => new URL(url).hostname === 'localhost';
    this.#contexts.ann.on('request', (request) => {
      if (isOfServer(request.url())) this.#requests += 1;
    });
    this.#pages.ann.on('websocket', () => (this.#requests += 1));
  }

  async #isComplete(): Promise<boolean> {
    const [byAnn, byBob] = await Promise.all([seenTexts(this.#pages.ann), seenTexts(this.#pages.bob)]);
    const has = (seen: Map<string, number>, pressed: Map<string, number>) =>
      [...pressed.keys()].every((text) => seen.has(text));
    return has(byAnn, this.#pressedAt.bob) && has(byBob, this.#pressedAt.ann);
  }

  async #direction(from: Nick, to: Nick): Promise<Direction> {
    const page = this.#pages[to];
    return directionOf(this.#pressedAt[from], await seenTexts(page), await textsNow(page));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
