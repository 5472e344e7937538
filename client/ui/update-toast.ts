/**
 * <ot-update-toast newVersion>: a new version is ready. It is offered, never forced. Dispatches `put-off`.
 */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { words } from '../words/words.ts';
import { icon } from './icons.ts';
import { sharedStyles } from './shared-styles.ts';

export interface NewVersion {
  /** Takes it into use, once nothing is being sent; the page reloads. False if what is typed cannot be kept. */
  take(): Promise<boolean>;
}

@customElement('ot-update-toast')
export class UpdateToast extends LitElement {
  @property({ attribute: false }) newVersion: NewVersion | undefined;
  @state() private isTaking = false;

  static override styles = [
    sharedStyles,
    css`
      :host {
        position: fixed;
        inset-inline: 8px;
        /* Below the header and the bar of the connection, away from where one writes. */
        inset-block-start: calc(96px + env(safe-area-inset-top));
        z-index: 3;
        display: flex;
        justify-content: center;
        pointer-events: none;
      }
      .toast {
        display: flex;
        align-items: center;
        min-block-size: var(--target-main);
        padding-inline: var(--space-4) 2px;
        border-radius: var(--radius-button);
        background: var(--text);
        color: var(--bg);
        pointer-events: auto;
      }
      :focus-visible {
        outline-color: currentColor;
        outline-offset: -4px;
      }
      .text-button {
        color: inherit;
        text-decoration: underline;
      }
    `,
  ];

  override render() {
    // There before what it says, or it would not be read aloud. No role=status: that is the connection.
    return html`<div aria-live="polite">${this.newVersion ? this.#toast() : nothing}</div>`;
  }

  #toast() {
    return html`<div class="toast">
      ${this.isTaking ? words.update.taking : words.update.ready}
      <button class="text-button" ?hidden=${this.isTaking} @click=${this.#take}>
        ${words.actions.reload}
      </button>
      <button class="icon-button" aria-label=${words.actions.later} @click=${this.#putOff}>
        ${icon('close')}
      </button>
    </div>`;
  }

  #take(): void {
    this.isTaking = true;
    this.newVersion!.take()
      .then((isTaken) => (this.isTaking = isTaken))
      .catch((error: unknown) => {
        console.error(error);
        this.isTaking = false;
      });
  }

  #putOff(): void {
    this.isTaking = false;
    this.dispatchEvent(new CustomEvent('put-off', { bubbles: true, composed: true }));
  }
}
