/**
 * <ot-emoji>: a button, and the emoji that most messages need, for whoever writes with a keyboard that has none. A phone's
 * keyboard brings its own. Dispatches `picked` with the emoji; where it goes is the composer's business.
 */
import { css, html, LitElement } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { words } from '../words/words.ts';
import { icon } from './icons.ts';
import { sharedStyles } from './shared-styles.ts';

const emoji =
  '😀 😄 😁 😂 🤣 😊 😇 🙂 😉 😍 😘 😋 😜 🤔 🤗 🤫 🙄 😏 😴 😎 🥳 😢 😭 😡 😱 😅 😬 🤯 🥺 🤞 👍 👎 👌 👋 👏 🙏 💪 🫶 ❤️ 💔 💚 🔥 ✨ 🎉 🎂 🎁 ☕ 🍕 🍻 🌞 🌧️ ❄️ 🌈 🐶 🐱 🚆 🚗 ✈️ 🏠 ⛰️ 📷 🎵 ⚽ ✅ ❌ ❓'.split(
    ' ',
  );

@customElement('ot-emoji')
export class EmojiPicker extends LitElement {
  @query('[popover]') private readonly panel!: HTMLElement;

  static override styles = [
    sharedStyles,
    css`
      :host {
        flex: none;
      }
      .open {
        inline-size: var(--target-main);
        block-size: var(--target-main);
        color: var(--text-2);
      }
      [popover] {
        position: fixed;
        inset: auto;
        inset-block-end: 72px;
        inset-inline-end: var(--space-4);
        inline-size: min(100% - 2 * var(--space-4), 364px);
        padding: var(--space-2);
        border: 0;
        border-radius: var(--radius-button);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--raised-3);
      }
      [popover]:popover-open {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(max(var(--target), 2.25rem), 1fr));
        max-block-size: 40dvh;
        overflow-y: auto;
      }
      .emoji {
        block-size: max(var(--target), 2.25rem);
        padding: 0;
        border: 0;
        border-radius: var(--radius-button);
        background: none;
        font-size: var(--type-large);
      }
      .emoji:hover {
        background: var(--hover);
      }
      .emoji:focus-visible {
        outline-offset: -2px;
      }
    `,
  ];

  override render() {
    return html`
      <button type="button" class="icon-button open" aria-label=${words.composer.emoji} popovertarget="panel">
        ${icon('emoji')}
      </button>
      <div id="panel" popover role="group" aria-label=${words.composer.emoji} @keydown=${this.#onKey}>
        ${emoji.map(
          (one) => html`<button type="button" class="emoji" @click=${() => this.#pick(one)}>${one}</button>`,
        )}
      </div>
    `;
  }

  /** Esc closes this, and leaves nothing else. */
  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') event.stopPropagation();
  }

  #pick(detail: string): void {
    this.panel.hidePopover();
    this.dispatchEvent(new CustomEvent('picked', { detail }));
  }
}
