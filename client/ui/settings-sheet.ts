/** <ot-settings chat>: who I am here, what waits, and signing out. A dialog of the browser's own. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { listOutbox } from '../store/outbox.ts';
import type { Chat } from '../sync/chat.ts';
import { LiveQuery } from './live-query.ts';
import { sharedStyles } from './shared-styles.ts';

@customElement('ot-settings')
export class SettingsSheet extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @state() private isAsking = false;
  @state() private problem = '';
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  readonly #unsent = new LiveQuery(
    this,
    () => ['outbox'],
    async () => (await listOutbox(this.chat.db)).length,
  );

  static override styles = [
    sharedStyles,
    css`
      dialog {
        inline-size: min(100%, 28rem);
        max-inline-size: 100%;
        margin: auto auto 0;
        padding: 24px 24px max(24px, env(safe-area-inset-bottom));
        border: 0;
        border-radius: var(--radius-sheet) var(--radius-sheet) 0 0;
        background: var(--surface);
        color: var(--text);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 50%);
      }
      @media (min-width: 720px) {
        dialog {
          margin: auto;
          border-radius: var(--radius-sheet);
        }
      }
      h2 {
        margin: 0 0 16px;
        font-size: 1.125rem;
      }
      .danger {
        color: var(--error);
      }
      .row {
        display: flex;
        justify-content: space-between;
        flex-wrap: wrap;
      }
      .text-button {
        padding: 0;
      }
    `,
  ];

  override firstUpdated(): void {
    this.dialog.showModal();
  }

  override render() {
    const unsent = this.#unsent.value ?? 0;
    return html`<dialog aria-labelledby="title" @close=${this.#close}>
      <h2 id="title">Settings</h2>
      <p>
        You are <bdi><strong>${this.chat.me.nick}</strong></bdi> on this device.
      </p>
      <p>${unsent === 0 ? 'Everything you wrote has been sent.' : `${unsentText(unsent)} not sent yet.`}</p>
      ${
        this.isAsking
          ? html`<p class="danger" role="alert">
              Signing out gives up your nick and deletes the messages on this device.
              ${unsent > 0 ? html`<strong>${unsentText(unsent)} not sent yet will be lost.</strong>` : nothing}
            </p>`
          : nothing
      }
      ${this.problem === '' ? nothing : html`<p class="danger" role="alert">${this.problem}</p>`}
      <div class="row">
        <button class="text-button danger" @click=${this.#signOut}>
          ${this.isAsking ? 'Sign out and delete' : 'Sign out'}
        </button>
        <button class="text-button" @click=${() => this.dialog.close()}>Close</button>
      </div>
    </dialog>`;
  }

  async #signOut(): Promise<void> {
    if (!this.isAsking) {
      this.isAsking = true;
      return;
    }
    const outcome = await this.chat.signOut(true);
    if (outcome === 'no-network') {
      this.problem = 'Signing out needs a connection. Try again when you are back online.';
      return;
    }
    this.dispatchEvent(new CustomEvent('signed-out', { bubbles: true, composed: true }));
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent('close-settings', { bubbles: true, composed: true }));
  }
}

function unsentText(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}
