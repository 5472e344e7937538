/** What a page is asked before it reloads by itself: whether somebody is writing, and to keep what is typed. */

/** Whoever has something to keep adds a promise of whether it is kept. */
export class BeforeReload extends Event {
  readonly kept: Promise<boolean>[] = [];
}

/** Has everything that was typed kept on the device. False if that did not work. */
export async function keepWhatIsTyped(): Promise<boolean> {
  const event = new BeforeReload('before-reload');
  window.dispatchEvent(event);
  return (await Promise.all(event.kept)).every(Boolean);
}

/** Whether there is a text in a field, or the cursor. Looks into every element. */
export function isWriting(root: Document | ShadowRoot = document): boolean {
  return [...root.querySelectorAll<HTMLInputElement>('*')].some(
    (element) =>
      (element.matches('textarea, input') && (element.value !== '' || root.activeElement === element)) ||
      (element.shadowRoot && isWriting(element.shadowRoot)),
  );
}

declare global {
  interface WindowEventMap {
    'before-reload': BeforeReload;
  }
}
