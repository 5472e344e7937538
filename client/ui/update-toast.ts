/** <ot-update-toast>: a new version is ready. It is offered, never forced. Dispatches `update`. */
import { css, html, LitElement } from 'lit';
import { customElement } from 'lit/decorators.js';
import { sharedStyles } from './shared-styles.ts';

@customElement('ot-update-toast')
export class UpdateToast extends LitElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        position: fixed;
        inset-inline: 0;
        inset-block-end: calc(72px + env(safe-area-inset-bottom));
        z-index: 3;
        display: flex;
        justify-content: center;
        pointer-events: none;
      }
      div {
        display: flex;
        align-items: center;
        padding-inline: 16px 4px;
        border-radius: var(--radius-button);
        background: var(--text);
        color: var(--bg);
        pointer-events: auto;
      }
      .text-button {
        color: inherit;
        text-decoration: underline;
      }
    `,
  ];

  override render() {
    return html`<div aria-live="polite">
      New version ready
      <button class="text-button" @click=${this.#update}>Reload</button>
    </div>`;
  }

  #update(): void {
    this.dispatchEvent(new CustomEvent('update', { bubbles: true, composed: true }));
  }
}
