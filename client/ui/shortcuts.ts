/**
 * The keyboard shortcuts: which keys ask for what. Keys of one character can be turned off (WCAG 2.2, 2.1.4), because
 * speech input types them by mistake; the others always work.
 */

export type Shortcut = 'help' | 'search' | 'back' | 'previous' | 'next';

/** As they are shown. */
export const shortcutKeys: Record<Shortcut, readonly string[]> = {
  search: ['/', 'Ctrl K'],
  next: ['Alt ↓'],
  previous: ['Alt ↑'],
  back: ['Esc'],
  help: ['?'],
};

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

/** Whether the innermost element with the focus takes text. */
export function isTyping(): boolean {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused?.matches('input:not([type=checkbox]), textarea, select') ?? false;
}
