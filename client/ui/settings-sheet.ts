/** <ot-settings chat>: who I am here, how it looks, what waits, and signing out. Dispatches `open-queue`, `signed-out`. */
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { readQueue } from '../store/queue.ts';
import type { Chat } from '../sync/chat.ts';
import './install-card.ts';
import { LiveQuery } from './live-query.ts';
import './plain-http-note.ts';
import { Sheet } from './sheet.ts';
import { theme } from './appearance.ts';
import { countText, queueText } from './why-waiting.ts';

const themeNames: Record<typeof theme.chosen, string> = {
  system: 'Like the system',
  light: 'Light',
  dark: 'Dark',
};

@customElement('ot-settings')
export class SettingsSheet extends Sheet {
  @property({ attribute: false }) chat!: Chat;
  @state() private isAsking = false;
  @state() private problem = '';
  @state() private storage = '';
  readonly #queue = new LiveQuery(
    this,
    () => ['outbox'],
    () => readQueue(this.chat.db),
  );

  static override styles = [
    ...Sheet.styles,
    css`
      .danger {
        color: var(--error);
      }
      .theme {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-4);
      }
      select {
        min-block-size: var(--target);
        padding: 0 var(--space-2);
        border: 1px solid var(--text-2);
        border-radius: var(--radius-button);
        background: var(--surface);
        color: inherit;
        font: inherit;
      }
      .queue {
        margin-inline-start: -8px;
        padding-inline: var(--space-2);
      }
    `,
  ];

  override firstUpdated(): void {
    super.firstUpdated();
    this.#readStorage().catch((error: unknown) => console.error(error));
  }

  protected heading(): string {
    return 'Settings';
  }

  protected content() {
    const { queued = [], failed = [] } = this.#queue.value ?? {};
    const unsent = queued.length + failed.length;
    return html`<p>
        You are <bdi><strong>${this.chat.me.nick}</strong></bdi> on this device.
      </p>
      <label class="theme">
        Theme
        <select @change=${this.#onTheme}>
          ${theme.options.map(
            (option) =>
              html`<option value=${option} ?selected=${option === theme.chosen}>
                ${themeNames[option]}
              </option>`,
          )}
        </select>
      </label>
      ${
        unsent === 0
          ? html`<p>Everything you wrote has been sent.</p>`
          : html`<button class="text-button queue" @click=${() => this.leaveFor('open-queue')}>
              ${queueText(queued.length, failed.length)}
            </button>`
      }
      <ot-plain-http-note always></ot-plain-http-note>
      ${this.storage === '' ? nothing : html`<p>${this.storage}</p>`}
      ${
        this.isAsking
          ? html`<p class="danger" role="alert">
              Signing out gives up your nick and deletes the messages on this device.
              ${unsent > 0 ? html`<strong>${countText(unsent)} not sent yet will be lost.</strong>` : nothing}
            </p>`
          : nothing
      }
      <ot-install-card .db=${this.chat.db} inSettings></ot-install-card>
      <p class="version">OpenTalk ${__VERSION__}</p>
      ${this.problem === '' ? nothing : html`<p class="danger" role="alert">${this.problem}</p>`}
      <div class="row">
        <button class="text-button danger" @click=${this.#onSignOut}>
          ${this.isAsking ? 'Sign out and delete' : 'Sign out'}
        </button>
        <button class="text-button" @click=${() => this.close()}>Close</button>
      </div>`;
  }

  async #readStorage(): Promise<void> {
    // Over plain HTTP a browser does not say.
    if (!navigator.storage) return;
    const [{ usage = 0 }, isPersisted] = await Promise.all([
      navigator.storage.estimate(),
      navigator.storage.persisted(),
    ]);
    const megabytes = (usage / 1e6).toLocaleString(undefined, { maximumFractionDigits: 1 });
    this.storage = `OpenTalk uses ${megabytes} MB on this device. ${
      isPersisted
        ? 'It is kept until you delete it.'
        : 'The browser may clear it if the device runs out of space.'
    }`;
  }

  #onTheme(event: Event): void {
    theme.choose((event.target as HTMLSelectElement).value as typeof theme.chosen);
  }

  #onSignOut(): void {
    if (!this.isAsking) this.isAsking = true;
    else
      this.#signOut().catch((error: unknown) => {
        console.error(error);
        this.problem = 'Signing out did not work. Reload the page, then try again.';
      });
  }

  async #signOut(): Promise<void> {
    const outcome = await this.chat.signOut(true);
    if (outcome === 'signed-out') this.say('signed-out');
    else this.problem = 'Signing out needs a connection. Try again when you are back online.';
  }
}
