/**
 * When each text first stood in a page's `role=log`, and how often it stands there: looked at from inside the page, in
 * the app and in the plain pages that it is compared with alike.
 */
import type { Page } from 'playwright';

interface Watched {
  seenTexts: Map<string, number>;
  textsNow: () => string[];
  /** Where timers are counted: the one that is not. */
  uncountedInterval?: typeof setInterval;
}

/** Looks each `everyMs`. Once for each loading of the page. */
export async function watchTexts(page: Page, everyMs: number): Promise<void> {
  await page.evaluate((ms) => {
    const find = (root: ParentNode): Element | undefined => {
      const found = root.querySelector('[role=log]');
      if (found) return found;
      for (const { shadowRoot } of root.querySelectorAll('*')) {
        const inside = shadowRoot && find(shadowRoot);
        if (inside) return inside;
      }
      return undefined;
    };
    let log: Element | undefined;
    const shown = (latest = Infinity) => {
      if (!log?.isConnected) log = find(document);
      const all = [...(log?.querySelectorAll('ot-message, li') ?? [])].slice(-latest);
      return all.map((each) => (each.shadowRoot ?? each).querySelector('.text')?.textContent?.trim() ?? '');
    };
    const seen = new Map<string, number>();
    Object.assign(globalThis, { seenTexts: seen, textsNow: shown });
    const look = () => {
      const now = Date.now();
      for (const text of shown(40)) {
        if (text && !seen.has(text)) seen.set(text, now);
      }
    };
    ((globalThis as unknown as Watched).uncountedInterval ?? setInterval)(look, ms);
  }, everyMs);
}

/** Text → when it was first seen, in the order of being seen. */
export async function seenTexts(page: Page): Promise<Map<string, number>> {
  return new Map(await page.evaluate(() => [...(globalThis as unknown as Watched).seenTexts]));
}

/** What stands there now, in order. */
export function textsNow(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as Watched).textsNow());
}
