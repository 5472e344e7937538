/** <ot-settings chat>: who I am here, how it looks, what waits, and signing out. Dispatches `close-settings`, `signed-out`. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { listOutbox } from '../store/outbox.ts';
import type { Chat } from '../sync/chat.ts';
import './install-card.ts';
import { LiveQuery } from './live-query.ts';
import { sharedStyles } from './shared-styles.ts';
import { sheetStyles } from './sheet-styles.ts';
import { chooseTheme, readTheme, themes, type Theme } from './theme.ts';

const themeNames: Record<Theme, string> = { system: 'Like the system', light: 'Light', dark: 'Dark' };
/** So many of what waits are shown; the rest is counted. */
const shownAtMost = 5;

@customElement('ot-settings')
export class SettingsSheet extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @state() private isAsking = false;
  @state() private problem = '';
  @state() private storage = '';
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  readonly #unsent = new LiveQuery(
    this,
    () => ['outbox'],
    () => listOutbox(this.chat.db),
  );

  static override styles = [
    sharedStyles,
    sheetStyles,
    css`
      .danger {
        color: var(--error);
      }
      .theme {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 16px;
      }
      select {
        min-block-size: 44px;
        padding: 0 8px;
        border: 1px solid var(--text-2);
        border-radius: var(--radius-button);
        background: var(--surface);
        color: inherit;
        font: inherit;
      }
      ul {
        margin: 0;
        padding-inline-start: 20px;
        color: var(--text-2);
        font-size: 0.875rem;
      }
      li {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  override firstUpdated(): void {
    this.dialog.showModal();
    this.#readStorage().catch((error: unknown) => console.error(error));
  }

  override render() {
    const unsent = this.#unsent.value ?? [];
    return html`<dialog aria-labelledby="title" @close=${() => this.#say('close-settings')}>
      <h2 id="title">Settings</h2>
      <p>
        You are <bdi><strong>${this.chat.me.nick}</strong></bdi> on this device.
      </p>
      <label class="theme">
        Theme
        <select @change=${this.#onTheme}>
          ${themes.map(
            (theme) =>
              html`<option value=${theme} ?selected=${theme === readTheme()}>${themeNames[theme]}</option>`,
          )}
        </select>
      </label>
      <p>
        ${
          unsent.length === 0
            ? 'Everything you wrote has been sent.'
            : `${unsentText(unsent.length)} not sent yet${unsent.length > shownAtMost ? ', the first of them' : ''}:`
        }
      </p>
      <ul>
        ${unsent.slice(0, shownAtMost).map(({ to, text }) => html`<li><bdi>${to}</bdi>: <bdi>${text.slice(0, 80)}</bdi></li>`)}
      </ul>
      ${this.storage === '' ? nothing : html`<p>${this.storage}</p>`}
      ${
        this.isAsking
          ? html`<p class="danger" role="alert">
              Signing out gives up your nick and deletes the messages on this device.
              ${unsent.length > 0 ? html`<strong>${unsentText(unsent.length)} not sent yet will be lost.</strong>` : nothing}
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
        <button class="text-button" @click=${() => this.dialog.close()}>Close</button>
      </div>
    </dialog>`;
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
    chooseTheme((event.target as HTMLSelectElement).value as Theme);
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
    if (outcome === 'signed-out') this.#say('signed-out');
    else this.problem = 'Signing out needs a connection. Try again when you are back online.';
  }

  #say(wish: string): void {
    this.dispatchEvent(new CustomEvent(wish, { bubbles: true, composed: true }));
  }
}

function unsentText(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}
