/**
 * <ot-settings chat>: who I am here, how it looks, what waits, and two ways to leave: signing out, and deleting
 * everything here. Dispatches `open-queue`, `open-shortcuts`, `reload` and `signed-out`.
 */
import { html, nothing } from 'lit';
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
    const { nick } = this.chat.me;
    const { queued = [], failed = [] } = this.#queue.value ?? {};
    const unsent = queued.length + failed.length;
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
          unsent === 0
            ? html`<p>${words.queue.allSent}</p>`
            : html`<button class="text-button" @click=${() => this.leaveFor('open-queue')}>
                ${queueText(queued.length, failed.length)}
              </button>`
        }
        ${this.storage === '' ? nothing : html`<p class="small">${this.storage}</p>`}
        <ot-plain-http-note always></ot-plain-http-note>
      </section>
      <ot-install-card .db=${this.chat.db} inSettings></ot-install-card>
      <section>
        ${
          matchMedia('(hover: hover)').matches
            ? html`<button class="text-button" @click=${() => this.leaveFor('open-shortcuts')}>
                ${words.shortcuts.heading}
              </button>`
            : nothing
        }
        ${this.asking ? this.#warning(this.asking, unsent) : nothing}
        ${this.problem === '' ? nothing : html`<p class="danger" role="alert">${this.problem}</p>`}
        ${
          this.asking === 'delete'
            ? nothing
            : html`<button class="text-button danger" @click=${this.#onSignOut}>
                ${this.asking ? words.settings.signOutAndDelete : words.settings.signOut}
              </button>`
        }
        ${
          this.asking === 'sign-out'
            ? nothing
            : html`<button class="text-button danger" @click=${this.#onDelete}>
                ${this.asking ? words.settings.deleteNow : words.settings.deleteEverything}
              </button>`
        }
      </section>
      <div class="row">
        <span class="version">OpenTalk ${__VERSION__}</span>
        ${
          this.asking
            ? html`<button class="text-button" @click=${() => (this.asking = undefined)}>
                ${words.actions.cancel}
              </button>`
            : html`<button class="text-button" @click=${() => this.close()}>${words.actions.close}</button>`
        }
      </div>
    `;
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

  #warning(asking: 'sign-out' | 'delete', unsent: number) {
    const { signOutMeans, deleteMeans, unsentLost } = words.settings;
    return html`<p class="danger" role="alert">
      ${asking === 'delete' ? deleteMeans : signOutMeans}
      ${unsent > 0 ? html`<strong>${plural(unsentLost, unsent)}</strong>` : nothing}
    </p>`;
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

  #onSignOut(): void {
    if (this.asking) this.#act(() => this.#signOut(), words.settings.signOutFailed);
    else this.asking = 'sign-out';
  }

  #onDelete(): void {
    if (this.asking) this.#act(() => this.#deleteEverything(), words.settings.deleteFailed);
    else this.asking = 'delete';
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
