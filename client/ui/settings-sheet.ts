/**
 * <ot-settings chat>: who I am here, how it looks, what waits, and two ways to leave: signing out, and deleting
 * everything here. Dispatches `open-queue`, `open-shortcuts`, `open-devices`, `open-delete-account`, `reload` and
 * `signed-out`.
 */
import { html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { readQueue } from '../store/queue.ts';
import type { Chat } from '../sync/chat.ts';
import { languages } from '../words/languages.ts';
import { fill, fillParts, plural, words } from '../words/words.ts';
import { textSize, theme } from './appearance.ts';
import './avatar.ts';
import { chooseLanguage, chosenLanguage } from './chosen-language.ts';
import './install-card.ts';
import { LiveQuery } from './live-query.ts';
import './plain-http-note.ts';
import './privacy-settings.ts';
import { settingsSheetStyles } from './settings-sheet-styles.ts';
import { Sheet } from './sheet.ts';
import { queueText } from './why-waiting.ts';

@customElement('ot-settings')
export class SettingsSheet extends Sheet {
  @property({ attribute: false }) chat!: Chat;
  /** What is asked about before it is done. */
  @state() private asking: 'sign-out' | 'delete' | undefined;
  @state() private problem = '';
  @state() private storage = '';
  readonly #queue = new LiveQuery(
    this,
    () => ['outbox'],
    () => readQueue(this.chat.db),
  );

  static override styles = [...Sheet.styles, settingsSheetStyles];

  override firstUpdated(): void {
    super.firstUpdated();
    this.#readStorage().catch((error: unknown) => console.error(error));
  }

  protected heading(): string {
    return words.settings.heading;
  }

  protected content() {
    const { queued = [], failed = [] } = this.#queue.value ?? {};
    return this.asking
      ? this.#question(this.asking, queued.length + failed.length)
      : this.#settings(queued.length, failed.length);
  }

  #settings(queued: number, failed: number) {
    const { nick } = this.chat.me;
    return html`
      <p class="me">
        <ot-avatar nick=${nick}></ot-avatar>
        <span>${fillParts(words.settings.youAre, { nick: html`<bdi><strong>${nick}</strong></bdi>` })}</span>
      </p>
      <section>
        <h3>${words.settings.appearance}</h3>
        ${this.#choice(words.settings.theme, theme, words.settings.themes)}
        ${this.#choice(words.settings.textSize, textSize, words.settings.textSizes)} ${this.#language()}
      </section>
      <section>
        <h3>${words.settings.messages}</h3>
        ${
          queued + failed === 0
            ? html`<p>${words.queue.allSent}</p>`
            : html`<button class="text-button" @click=${() => this.leaveFor('open-queue')}>
                ${queueText(queued, failed)}
              </button>`
        }
        ${this.storage === '' ? nothing : html`<p class="small">${this.storage}</p>`}
        <ot-plain-http-note always></ot-plain-http-note>
      </section>
      <ot-privacy-settings .chat=${this.chat}></ot-privacy-settings>
      <ot-install-card .db=${this.chat.db} inSettings></ot-install-card>
      <section>
        <h3>${words.settings.account}</h3>
        <button class="text-button" @click=${() => this.leaveFor('open-devices')}>
          ${words.devices.heading}
        </button>
        <a class="text-button" href="/api/export" download>${words.settings.download}</a>
      </section>
      <section>
        ${
          matchMedia('(hover: hover)').matches
            ? html`<button class="text-button" @click=${() => this.leaveFor('open-shortcuts')}>
                ${words.shortcuts.heading}
              </button>`
            : nothing
        }
        <button class="text-button danger" @click=${() => (this.asking = 'sign-out')}>
          ${words.settings.signOut}
        </button>
        <button class="text-button danger" @click=${() => (this.asking = 'delete')}>
          ${words.settings.deleteEverything}
        </button>
        <button class="text-button danger" @click=${() => this.leaveFor('open-delete-account')}>
          ${words.deleteAccount.heading}
        </button>
      </section>
      <div class="row">
        <span class="small">OpenTalk ${__VERSION__}</span>
        <button class="text-button" @click=${() => this.close()}>${words.actions.close}</button>
      </div>
    `;
  }

  /** What it means, and what is lost by it, before it is done. */
  #question(asking: 'sign-out' | 'delete', unsent: number) {
    const { signOutMeans, deleteMeans, unsentLost, signOutAndDelete, deleteNow } = words.settings;
    return html`
      <div role="alert">
        <p>${asking === 'delete' ? deleteMeans : signOutMeans}</p>
        ${unsent > 0 ? html`<p class="danger"><strong>${plural(unsentLost, unsent)}</strong></p>` : nothing}
        ${this.problem === '' ? nothing : html`<p class="danger">${this.problem}</p>`}
      </div>
      <div class="row">
        <button class="text-button" @click=${this.#cancel}>${words.actions.cancel}</button>
        <button class="main-button" @click=${asking === 'delete' ? this.#onDelete : this.#onSignOut}>
          ${asking === 'delete' ? deleteNow : signOutAndDelete}
        </button>
      </div>
    `;
  }

  /** The button that had the focus is gone with what it asked for. */
  override updated(changed: PropertyValues): void {
    if (changed.has('asking')) this.keepFocus();
  }

  #choice<Option extends string>(
    label: string,
    choice: { options: readonly Option[]; chosen: Option; choose(option: Option): void },
    names: Record<Option, string>,
  ) {
    const onChange = (event: Event) => choice.choose((event.target as HTMLSelectElement).value as Option);
    return html`<label class="choice">
      ${label}
      <select @change=${onChange}>
        ${choice.options.map(
          (option) =>
            html`<option value=${option} ?selected=${option === choice.chosen}>${names[option]}</option>`,
        )}
      </select>
    </label>`;
  }

  #language() {
    return html`<label class="choice">
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
    </label>`;
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

  /** The words of a page are those that it began with. */
  #onLanguage(event: Event): void {
    chooseLanguage((event.target as HTMLSelectElement).value);
    this.say('reload');
  }

  #cancel(): void {
    this.asking = undefined;
    this.problem = '';
  }

  #onSignOut(): void {
    this.#act(() => this.#signOut(), words.settings.signOutFailed);
  }

  #onDelete(): void {
    this.#act(() => this.#deleteEverything(), words.settings.deleteFailed);
  }

  #act(act: () => Promise<void>, failed: string): void {
    act().catch((error: unknown) => {
      console.error(error);
      this.problem = failed;
    });
  }

  async #signOut(): Promise<void> {
    const outcome = await this.chat.signOut(true);
    if (outcome === 'signed-out') this.say('signed-out');
    else this.problem = words.settings.signOutOffline;
  }

  async #deleteEverything(): Promise<void> {
    await this.chat.deleteEverything();
    this.say('signed-out');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-settings': SettingsSheet;
  }
}
