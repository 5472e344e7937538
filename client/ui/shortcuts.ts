/**
 * The keyboard shortcuts: which keys ask for what. Keys of one character can be turned off (WCAG 2.2, 2.1.4), because
 * speech input types them by mistake; the others always work.
 */

import type { ReactiveController, ReactiveControllerHost } from 'lit';

export type Shortcut = 'help' | 'search' | 'back' | 'previous' | 'next';

/** As they are shown. */
export const shortcutKeys: Record<Shortcut, readonly string[]> = {
  search: ['/', 'Ctrl K'],
  next: ['Alt ↓'],
  previous: ['Alt ↑'],
  back: ['Esc'],
  help: ['?'],
};

const fields = 'input:not([type=checkbox]), textarea, select';
/** The composer's field: what is in it is kept, so it may be left. */
const composing = 'textarea[enterkeyhint]';
const kept = 'noSingleKeys';

export function hasSingleKeys(): boolean {
  return localStorage.getItem(kept) === null;
}

export function allowSingleKeys(allow: boolean): void {
  if (allow) localStorage.removeItem(kept);
  else localStorage.setItem(kept, '');
}

type Keys = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'isComposing'>;

/** What was asked for, if anything. `inField`: the keys go into a field, where a character is a character. */
export function shortcutOf(keys: Keys, inField: boolean, singleKeys: boolean): Shortcut | undefined {
  const { key, altKey, isComposing } = keys;
  if (isComposing) return undefined;
  const isCommand = keys.ctrlKey || keys.metaKey;
  if (isCommand) return key === 'k' && !altKey ? 'search' : undefined;
  if (altKey) return key === 'ArrowDown' ? 'next' : key === 'ArrowUp' ? 'previous' : undefined;
  if (key === 'Escape') return 'back';
  if (inField || !singleKeys) return undefined;
  return key === '?' ? 'help' : key === '/' ? 'search' : undefined;
}

/** Listens for them on behalf of an element, while it is on the page. */
export class ShortcutKeys implements ReactiveController {
  readonly #act: (shortcut: Shortcut) => boolean;
  readonly #onKey = (event: KeyboardEvent) => this.#hear(event);

  /** `act` says whether it did anything: if not, the key is the browser's. */
  constructor(host: ReactiveControllerHost, act: (shortcut: Shortcut) => boolean) {
    this.#act = act;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('keydown', this.#onKey);
  }

  hostDisconnected(): void {
    window.removeEventListener('keydown', this.#onKey);
  }

  #hear(event: KeyboardEvent): void {
    const [target] = event.composedPath();
    const field = target instanceof HTMLElement && target.matches(fields) ? target : undefined;
    const shortcut = shortcutOf(event, field !== undefined, hasSingleKeys());
    if (!shortcut || event.defaultPrevented) return;
    // Esc has its own meaning in a search, and in a text that is being changed.
    if (shortcut === 'back' && field && !field.matches(composing)) return;
    if (this.#act(shortcut)) event.preventDefault();
  }
}
