/**
 * <ot-storage-notice trouble>: what is wrong with the storage of this device, in words, and what to do about it.
 * It decides nothing (store/trouble.ts does). Dispatches `reload` or `try-now`.
 */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Trouble } from '../store/trouble.ts';
import { words } from '../words/words.ts';
import { sharedStyles } from './shared-styles.ts';

/** What can be done about it, where something can. */
const wishOf: Partial<Record<Trouble, 'reload' | 'try-now'>> = {
  updated: 'reload',
  'too-new': 'reload',
  full: 'try-now',
  broken: 'reload',
};

@customElement('ot-storage-notice')
export class StorageNotice extends LitElement {
  @property() trouble: Trouble | undefined;

  static override styles = [
    sharedStyles,
    css`
      /* The button goes below where large letters leave it no room beside the text. */
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-2);
        padding: var(--space-1) var(--space-4);
        min-block-size: var(--target);
        background: var(--warn-bg);
        color: var(--warn-fg);
        font-size: var(--type-note);
      }
      span {
        flex: 1 1 9rem;
      }
      .text-button {
        margin-inline-start: auto;
        margin-inline-end: -8px;
        padding-inline: var(--space-2);
        color: inherit;
        text-decoration: underline;
      }
    `,
  ];

  override render() {
    const { trouble } = this;
    if (!trouble) return nothing;
    const wish = wishOf[trouble];
    // What is urgent interrupts; role=status is the connection's.
    const isUrgent = trouble !== 'cleared' && trouble !== 'memory';
    return html`<div role=${isUrgent ? 'alert' : nothing} aria-live=${isUrgent ? nothing : 'polite'}>
      <span>${words.storage[trouble]}</span>
      ${
        wish
          ? html`<button class="text-button" @click=${() => this.#ask(wish)}>
              ${wish === 'reload' ? words.actions.reload : words.actions.tryAgain}
            </button>`
          : nothing
      }
    </div>`;
  }

  #ask(wish: string): void {
    this.dispatchEvent(new CustomEvent(wish, { bubbles: true, composed: true }));
  }
}
