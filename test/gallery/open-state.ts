/** The gallery as a test sees it: which states there are, and one of them, standing still. */
import type { Page } from 'playwright/test';

export interface Look {
  theme?: 'light' | 'dark';
  lang?: string;
}

export async function stateNames(page: Page, url: string): Promise<string[]> {
  await page.goto(`${url}/?list`);
  return page
    .locator('[data-state]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('data-state')!));
}

export async function openState(page: Page, url: string, name: string, look: Look = {}): Promise<void> {
  const address = new URLSearchParams({ state: name, ...look });
  await page.goto(`${url}/?${address}`);
  const shown = await page.locator('[data-shown]').getAttribute('data-shown');
  if (shown !== name) throw new Error(`The state ${name} could not be drawn: ${shown}`);
}
