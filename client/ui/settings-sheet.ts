/** <ot-settings chat>: who I am here, how it looks, what waits, and signing out. Dispatches `open-queue`, `signed-out`. */
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { readQueue } from '../store/queue.ts';
import type { Chat } from '../sync/chat.ts';
import { languages } from '../words/languages.ts';
import { fill, fillParts, plural, words } from '../words/words.ts';
import { chooseLanguage, chosenLanguage } from './chosen-language.ts';
import './install-card.ts';
import { LiveQuery } from './live-query.ts';
import './plain-http-note.ts';
import { Sheet } from './sheet.ts';
import { chooseTheme, readTheme, themes, type Theme } from './theme.ts';
import { queueText } from './why-waiting.ts';

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
      .choice {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 16px;
      }
      .choice + .choice {
        margin-block-start: 8px;
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
      .queue {
        margin-inline-start: -8px;
        padding-inline: 8px;
      }
    `,
  ];

  override firstUpdated(): void {
    super.firstUpdated();
    this.#readStorage().catch((error: unknown) => console.error(error));
  }

  protected heading(): string {
    return words.settings.heading;
  }

  protected content() {
    const { queued = [], failed = [] } = this.#queue.value ?? {};
    const unsent = queued.length + failed.length;
    return html`<p>
        ${fillParts(words.settings.youAre, { nick: html`<bdi><strong>${this.chat.me.nick}</strong></bdi>` })}
      </p>
      <label class="choice">
        ${words.settings.theme}
        <select @change=${this.#onTheme}>
          ${themes.map(
            (theme) =>
              html`<option value=${theme} ?selected=${theme === readTheme()}>
                ${words.settings.themes[theme]}
              </option>`,
          )}
        </select>
      </label>
      <label class="choice">
        ${words.settings.language}
        <select @change=${this.#onLanguage}>
          <option value="">${words.settings.deviceLanguage}</option>
          ${Object.entries(languages).map(
            ([language, { name }]) =>
              html`<option value=${language} lang=${language} ?selected=${language === chosenLanguage()}>
                ${name}
              </option>`,
          )}
        </select>
      </label>
      ${
        unsent === 0
          ? html`<p>${words.queue.allSent}</p>`
          : html`<button class="text-button queue" @click=${() => this.leaveFor('open-queue')}>
              ${queueText(queued.length, failed.length)}
            </button>`
      }
      <ot-plain-http-note always></ot-plain-http-note>
      ${this.storage === '' ? nothing : html`<p>${this.storage}</p>`}
      ${
        this.isAsking
          ? html`<p class="danger" role="alert">
              ${words.settings.signOutMeans}
              ${unsent > 0 ? html`<strong>${plural(words.settings.unsentLost, unsent)}</strong>` : nothing}
            </p>`
          : nothing
      }
      <ot-install-card .db=${this.chat.db} inSettings></ot-install-card>
      <p class="version">OpenTalk ${__VERSION__}</p>
      ${this.problem === '' ? nothing : html`<p class="danger" role="alert">${this.problem}</p>`}
      <div class="row">
        <button class="text-button danger" @click=${this.#onSignOut}>
          ${this.isAsking ? words.settings.signOutAndDelete : words.settings.signOut}
        </button>
        <button class="text-button" @click=${() => this.close()}>${words.actions.close}</button>
      </div>`;
  }

  async #readStorage(): Promise<void> {
    // Over plain HTTP a browser does not say.
    if (!navigator.storage) return;
    const [{ usage = 0 }, isPersisted] = await Promise.all([
      navigator.storage.estimate(),
      navigator.storage.persisted(),
    ]);
    const { storagePersisted, storageMayGo } = words.settings;
    const megabytes = Math.round(usage / 1e5) / 10;
    this.storage = fill(isPersisted ? storagePersisted : storageMayGo, { megabytes });
  }

  #onTheme(event: Event): void {
    chooseTheme((event.target as HTMLSelectElement).value as Theme);
  }

  /** The words of a page are those that it began with. */
  #onLanguage(event: Event): void {
    chooseLanguage((event.target as HTMLSelectElement).value);
    this.say('reload');
  }

  #onSignOut(): void {
    if (!this.isAsking) this.isAsking = true;
    else
      this.#signOut().catch((error: unknown) => {
        console.error(error);
        this.problem = words.settings.signOutFailed;
      });
  }

  async #signOut(): Promise<void> {
    const outcome = await this.chat.signOut(true);
    if (outcome === 'signed-out') this.say('signed-out');
    else this.problem = words.settings.signOutOffline;
  }
}
