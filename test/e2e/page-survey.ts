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
    const stepPx = 2;
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

    /** How far it is hit from a point on, up to half a finger. */
    function reach(element: HTMLElement, x: number, y: number, dx: number, dy: number): number {
      let px = 0;
      while (px < wantedPx / 2 && isHit(element, x + dx * (px + stepPx), y + dy * (px + stepPx)))
        px += stepPx;
      return px;
    }

    /** A finger that is put down here hits it with all of its width and its height; round targets have no corners. */
    function isFinger(element: HTMLElement, x: number, y: number): boolean {
      const across = reach(element, x, y, 1, 0) + reach(element, x, y, -1, 0);
      const down = reach(element, x, y, 0, 1) + reach(element, x, y, 0, -1);
      return isHit(element, x, y) && Math.min(across, down) >= wantedPx - 2 * stepPx;
    }

    function hasRoom(element: HTMLElement): boolean {
      const box = element.getBoundingClientRect();
      if (isFinger(element, box.left + box.width / 2, box.top + box.height / 2)) return true;
      // Something else may lie over its middle.
      for (let y = box.top - wantedPx / 2; y < box.bottom + wantedPx / 2; y += stepPx) {
        for (let x = box.left; x < box.right; x += wantedPx / 4) if (isFinger(element, x, y)) return true;
      }
      return false;
    }

    // What lies over everything else takes the press of what is below it.
    const [over = document] = allIn(document, 'dialog:modal, .toast, :popover-open');
    return (
      allIn(over, pressable)
        // A label is pressed as well as what it names.
        .map((element) => element.closest('label') ?? element)
        // What is not seen is for the keyboard, and has another way for fingers.
        .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
        // The whole message can be pressed long for the same.
        .filter((element) => !element.matches('.more'))
        .filter((element) => !(element.localName === 'a' && getComputedStyle(element).display === 'inline'))
        .filter((element) => {
          element.scrollIntoView({ block: 'center', behavior: 'instant' });
          return !hasRoom(element);
        })
        .map((element) => {
          const { width, height } = element.getBoundingClientRect();
          const name = element.ariaLabel ?? element.textContent.trim();
          return `${element.localName}.${element.className} '${name}' (${Math.round(width)} x ${Math.round(height)} px)`;
        })
    );
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
    const isShortened = (element: HTMLElement) => {
      const { textOverflow, webkitLineClamp } = getComputedStyle(element);
      const isTheirs = element.matches('bdi, :has(bdi)');
      return (textOverflow === 'ellipsis' && isTheirs) || webkitLineClamp !== 'none';
    };
    const isWithinShortened = (element: HTMLElement): boolean => {
      const parent = element.parentElement;
      return (
        parent !== null && (getComputedStyle(parent).textOverflow === 'ellipsis' || isWithinShortened(parent))
      );
    };
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
      return width > 0 && (left < -1 || right > innerWidth + 1) && !isWithinShortened(element);
    });
    const clipped = seen.filter((element) => {
      const { overflowX, overflowY } = getComputedStyle(element);
      const isWide = element.scrollWidth > element.clientWidth + 1;
      const isHigh = element.scrollHeight > element.clientHeight + 1;
      const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip';
      // What people wrote and are called may be shortened, where that is seen.
      if (isShortened(element)) return false;
      return (isWide && (hides(overflowX) || overflowX === 'auto')) || (isHigh && hides(overflowY));
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
