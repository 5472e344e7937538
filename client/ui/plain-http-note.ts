/**
 * <ot-plain-http-note always>: over plain HTTP, what HTTPS would add. Said calmly: in the list until the person has
 * understood it, in the settings (`always`) for as long as it is so. Over HTTPS it is nothing at all.
 */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { words } from '../words/words.ts';
import { sharedStyles } from './shared-styles.ts';

/** In localStorage, once it was understood. */
const understood = 'plain-http-understood';

@customElement('ot-plain-http-note')
export class PlainHttpNote extends LitElement {
  @property({ type: Boolean }) always = false;

  static override styles = [
    sharedStyles,
    css`
      /* The button goes below where large letters leave it no room beside the text. */
      .note {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        margin: 0 var(--space-4) var(--space-2);
        padding-block: var(--space-2);
        padding-inline: var(--space-4) var(--space-1);
        border-radius: var(--radius-button);
        background: var(--bg-chat);
        color: var(--text-2);
        font-size: var(--type-small);
      }
      p {
        flex: 1 1 9rem;
        margin: 0;
      }
      button {
        flex: none;
        margin-inline-start: auto;
      }
    `,
  ];

  override render() {
    if (isSecureContext || (!this.always && localStorage.getItem(understood))) return nothing;
    const text = html`<p>${words.plainHttp.note}</p>`;
    if (this.always) return text;
    return html`<div class="note" role="note">
      ${text}<button class="text-button" @click=${this.#onUnderstood}>${words.plainHttp.understood}</button>
    </div>`;
  }

  #onUnderstood(): void {
    localStorage.setItem(understood, '1');
    this.requestUpdate();
    // The button that had the focus is gone.
    (this.getRootNode() as ShadowRoot).querySelector('h1')?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-plain-http-note': PlainHttpNote;
  }
}
