/**
 * <ot-delete-account chat>: leaving for good, in two steps: first it says what that means and what is lost, then the nick
 * has to be typed. Dispatches `signed-out`.
 */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { readQueue } from '../store/queue.ts';
import type { Chat } from '../sync/chat.ts';
import { fillParts, plural, words } from '../words/words.ts';
import { LiveQuery } from './live-query.ts';
import { Sheet } from './sheet.ts';

@customElement('ot-delete-account')
export class DeleteAccountSheet extends Sheet {
  @property({ attribute: false }) chat!: Chat;
  @state() private step: 'means' | 'nick' | 'under-way' = 'means';
  @state() private typed = '';
  @state() private problem = '';
  @query('input') private readonly field!: HTMLInputElement | null;
  readonly #queue = new LiveQuery(
    this,
    () => ['outbox'],
    () => readQueue(this.chat.db),
  );

  static override styles = [
    ...Sheet.styles,
    css`
      p {
        margin: var(--space-2) 0;
      }
      .danger {
        color: var(--error);
      }
      label {
        display: block;
      }
      input {
        inline-size: 100%;
        min-block-size: var(--target-main);
        margin-block-start: var(--space-2);
        padding: 0 var(--space-3);
        border: 1px solid var(--text-2);
        border-radius: var(--radius-button);
        background: var(--surface);
        color: inherit;
        font: inherit;
      }
      .main-button:disabled {
        opacity: 0.5;
        cursor: default;
      }
    `,
  ];

  override updated(changed: PropertyValues): void {
    if (!changed.has('step')) return;
    if (this.step === 'nick') this.field?.focus();
    else this.keepFocus();
  }

  protected heading(): string {
    return words.deleteAccount.heading;
  }

  protected content() {
    return this.step === 'means' ? this.#means() : this.#nick();
  }

  #means() {
    const { queued = [], failed = [] } = this.#queue.value ?? {};
    const unsent = queued.length + failed.length;
    const { means, others, forGood, goOn } = words.deleteAccount;
    return html`
      <p>${means}</p>
      <p>${others}</p>
      ${unsent > 0 ? html`<p class="danger"><strong>${plural(words.settings.unsentLost, unsent)}</strong></p>` : nothing}
      <p><strong>${forGood}</strong></p>
      <div class="row">
        <button class="text-button" @click=${() => this.close()}>${words.actions.cancel}</button>
        <button class="main-button" @click=${() => (this.step = 'nick')}>${goOn}</button>
      </div>
    `;
  }

  #nick() {
    const { typeNick, deleteForGood } = words.deleteAccount;
    const { nick } = this.chat.me;
    return html`<form @submit=${this.#onSubmit}>
      <label>
        ${fillParts(typeNick, { nick: html`<bdi><strong>${nick}</strong></bdi>` })}
        <input
          autocapitalize="off"
          autocomplete="off"
          spellcheck="false"
          dir="auto"
          .value=${this.typed}
          @input=${(event: InputEvent) => (this.typed = (event.target as HTMLInputElement).value)}
        />
      </label>
      <p class="danger" role="alert">${this.problem}</p>
      <div class="row">
        <button type="button" class="text-button" @click=${() => this.close()}>
          ${words.actions.cancel}
        </button>
        <button class="main-button" ?disabled=${!this.#isMine || this.step === 'under-way'}>
          ${deleteForGood}
        </button>
      </div>
    </form>`;
  }

  /** A phone's keyboard likes to begin with a capital. */
  get #isMine(): boolean {
    const plain = (nick: string) => nick.normalize('NFKC').trim().toLowerCase();
    return plain(this.typed) === plain(this.chat.me.nick);
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (!this.#isMine || this.step === 'under-way') return;
    this.problem = '';
    this.step = 'under-way';
    this.#delete().catch((error: unknown) => {
      console.error(error);
      this.problem = words.deleteAccount.failed;
      this.step = 'nick';
    });
  }

  async #delete(): Promise<void> {
    const outcome = await this.chat.deleteAccount();
    if (outcome === 'deleted') return this.say('signed-out');
    this.problem = outcome === 'no-network' ? words.deleteAccount.offline : words.deleteAccount.notSignedIn;
    this.step = 'nick';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-delete-account': DeleteAccountSheet;
  }
}
