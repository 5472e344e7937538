/** Who is compared: a server, and a page with a textbox `Message`, a button `Send` and a `role=log` of texts. */
import type { BrowserContext, Page } from 'playwright';

export interface Contender {
  name: string;
  start(): Promise<{ port: number; close(): Promise<void> }>;
  /** Opens the page, and is ready to talk when both have met. */
  enter(context: BrowserContext, port: number, nick: Nick): Promise<Page>;
  meet(page: Page, other: Nick): Promise<void>;
}

export type Nick = 'ann' | 'bob';
