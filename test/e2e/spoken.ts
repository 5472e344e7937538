/**
 * What a screen reader is given to say: additions to live regions, whatever shadow roots lie between. As WAI-ARIA has it,
 * the nearest `aria-live` counts, the one of a role if none is written, and what is busy or hidden is not spoken.
 */
import type { Page } from 'playwright/test';

/** Begins to listen; the answer tells what was said so far, in order. */
export async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    const liveRoles: Record<string, string> = { log: 'polite', status: 'polite', alert: 'assertive' };
    let batch = new Set<Node>();

    const above = (node: Node): Element | null =>
      node.parentElement ?? (node.getRootNode() as Partial<ShadowRoot>).host ?? null;

    function regionOf(start: Element | null): Element | undefined {
      for (let element = start; element; element = above(element)) {
        if (element.getAttribute('aria-hidden') === 'true') return undefined;
        const live = element.getAttribute('aria-live') ?? liveRoles[element.getAttribute('role') ?? ''];
        if (live === 'off') return undefined;
        if (live !== undefined) return element.ariaBusy === 'true' ? undefined : element;
      }
      return undefined;
    }

    function textOf(node: Node): string {
      if (node instanceof Text) return node.data;
      if (node instanceof Element) {
        if (node.getAttribute('aria-hidden') === 'true' || node.getAttribute('aria-live') === 'off')
          return '';
        if (node.localName === 'style') return '';
      }
      const content = node instanceof Element && node.shadowRoot ? node.shadowRoot : node;
      return [...content.childNodes].map(textOf).join(' ');
    }

    function say(node: Node, how: 'additions' | 'text'): void {
      const region = regionOf(node instanceof Element ? node : above(node));
      if (!region || !(region.getAttribute('aria-relevant') ?? 'additions text').includes(how)) return;
      // A component draws itself a moment after it was added.
      if (batch.size === 0) requestAnimationFrame(sayAll);
      batch.add(node);
    }

    function sayAll(): void {
      const added = batch;
      batch = new Set();
      for (const node of added) {
        let around = above(node);
        while (around && !added.has(around)) around = above(around);
        const text = around ? '' : textOf(node).replaceAll(/\s+/g, ' ').trim();
        if (text !== '') said.push(text);
      }
    }

    const observer = new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === 'characterData') say(target, 'text');
        for (const node of addedNodes) {
          watch(node);
          say(node, 'additions');
        }
      }
    });

    function watch(node: Node): void {
      if (node instanceof Element && node.shadowRoot) {
        observer.observe(node.shadowRoot, { subtree: true, childList: true, characterData: true });
        watch(node.shadowRoot);
      }
      for (const child of node.childNodes) watch(child);
    }
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    watch(document.body);
  });
  return () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
}
