/**
 * What can be measured on a page that stands still: where a finger finds too little to press, what is cut off, and what
 * moves. Each function runs in the page, so it brings all that it needs; answers are sentences.
 */
import type { Page } from 'playwright/test';

/**
 * Whatever can be pressed offers a finger 44 by 44 px somewhere: measured by what is hit, since many a target is larger
 * than it looks. Links in the middle of a text are as large as their words (WCAG 2.5.5).
 */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wantedPx = 44;
    const stepPx = 4;
    const pressable = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';

    function allIn(root: ParentNode, selector: string): HTMLElement[] {
      const inShadows = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
        shadowRoot ? allIn(shadowRoot, selector) : [],
      );
      return [...root.querySelectorAll<HTMLElement>(selector), ...inShadows];
    }

    const isHit = (element: HTMLElement, x: number, y: number) => {
      const hit = (element.getRootNode() as Document | ShadowRoot).elementFromPoint(x, y);
      return hit !== null && element.contains(hit);
    };

    /** Side of the largest square of which every point is hit. */
    function largestSquare(element: HTMLElement): number {
      const box = element.getBoundingClientRect();
      const columns = Math.ceil((box.width + 2 * wantedPx) / stepPx);
      let above: number[] = [];
      let largest = 0;
      for (let y = box.top - wantedPx; y < box.bottom + wantedPx; y += stepPx) {
        const row: number[] = [];
        for (let column = 0; column < columns; column += 1) {
          const x = box.left - wantedPx + column * stepPx;
          const around = Math.min(row[column - 1] ?? 0, above[column] ?? 0, above[column - 1] ?? 0);
          row.push(isHit(element, x, y) ? around + 1 : 0);
          largest = Math.max(largest, row.at(-1)!);
        }
        above = row;
      }
      return largest * stepPx;
    }

    function isCentreLarge(element: HTMLElement): boolean {
      const { left, top, width, height } = element.getBoundingClientRect();
      const offsets = [-0.48, -0.24, 0, 0.24, 0.48].map((part) => part * wantedPx);
      return offsets.every((dx) =>
        offsets.every((dy) => isHit(element, left + width / 2 + dx, top + height / 2 + dy)),
      );
    }

    const [sheet] = allIn(document, 'dialog:modal');
    return allIn(sheet ?? document, pressable)
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .filter((element) => !(element.localName === 'a' && getComputedStyle(element).display === 'inline'))
      .filter((element) => {
        element.scrollIntoView({ block: 'center', behavior: 'instant' });
        return !isCentreLarge(element) && largestSquare(element) < wantedPx;
      })
      .map((element) => {
        const { width, height } = element.getBoundingClientRect();
        const name = element.ariaLabel ?? element.textContent.trim();
        return `${element.localName}.${element.className} '${name}' (${Math.round(width)} x ${Math.round(height)} px)`;
      });
  });
}

/** What lies outside of the screen, and what does not fit into the box that hides the rest of it. */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    function allIn(root: ParentNode): HTMLElement[] {
      return [...root.querySelectorAll<HTMLElement>('*')].flatMap((element) => [
        element,
        ...(element.shadowRoot ? allIn(element.shadowRoot) : []),
      ]);
    }
    const seen = allIn(document.body).filter(
      (element) =>
        element instanceof HTMLElement &&
        element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
        element.className !== 'visually-hidden',
    );
    const describe = (element: HTMLElement) =>
      `${element.localName}.${element.className} '${element.textContent.trim().replaceAll(/\s+/g, ' ').slice(0, 60)}'`;
    const outside = seen.filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (left < -1 || right > innerWidth + 1);
    });
    const clipped = seen.filter((element) => {
      const { overflowX, overflowY, textOverflow } = getComputedStyle(element);
      const isWide = element.scrollWidth > element.clientWidth + 1;
      const isHigh = element.scrollHeight > element.clientHeight + 1;
      const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip';
      // What people wrote and are called may be shortened, where it is seen to be.
      const isShortened = textOverflow === 'ellipsis' && element.querySelector('bdi') !== null;
      return (
        (isWide && hides(overflowX) && !isShortened) ||
        (isHigh && hides(overflowY) && !isShortened) ||
        (isWide && overflowX === 'auto')
      );
    });
    return [
      ...outside.map((element) => `outside of the screen: ${describe(element)}`),
      ...clipped.map((element) => `cut off: ${describe(element)}`),
    ];
  });
}

export function runningAnimations(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    function rootsIn(root: Document | ShadowRoot): (Document | ShadowRoot)[] {
      return [
        root,
        ...[...root.querySelectorAll('*')].flatMap((one) => (one.shadowRoot ? rootsIn(one.shadowRoot) : [])),
      ];
    }
    return rootsIn(document)
      .flatMap((root) => root.getAnimations())
      .filter(({ playState }) => playState === 'running')
      .map(({ effect }) => ((effect as KeyframeEffect).target as HTMLElement).className);
  });
}
