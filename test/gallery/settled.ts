/** Waiting until nothing moves any more: by what there is to be seen, never by the clock. */
import { LitElement } from 'lit';
import { isSomethingRead } from './gallery-database.ts';

/** A thread is painted in two steps, and placed between them. */
const quietFrames = 4;

export async function settled(root: ParentNode): Promise<void> {
  for (let quiet = 0; quiet < quietFrames;) {
    await nextFrame();
    const elements = elementsIn(root);
    const isBusy =
      isSomethingRead() || elements.some((element) => element.isUpdatePending || isMovingIn(element));
    quiet = isBusy ? 0 : quiet + 1;
  }
}

/** What goes round for ever is no reason to wait. */
function isMovingIn(element: LitElement): boolean {
  const animations = element.shadowRoot?.getAnimations() ?? [];
  return animations.some(
    ({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity,
  );
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextFrame();
}

/** The first element of each selector in the shadow of the one before it. */
export function within(root: HTMLElement, ...path: string[]): HTMLElement {
  let found = root;
  for (const selector of path) {
    const next: HTMLElement | null | undefined =
      found.shadowRoot?.querySelector<HTMLElement>(selector) ?? found.querySelector<HTMLElement>(selector);
    if (!next) throw new Error(`There is no ${selector} in ${found.localName}.`);
    found = next;
  }
  return found;
}

function elementsIn(root: ParentNode): LitElement[] {
  return [...root.querySelectorAll('*')].flatMap((element) => [
    ...(element instanceof LitElement ? [element] : []),
    ...(element.shadowRoot ? elementsIn(element.shadowRoot) : []),
  ]);
}

/** What was put off until after the frame is done, too. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
