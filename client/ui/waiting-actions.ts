/**
 * <ot-waiting-actions chat row>: what a person can do with one message that waits, and doing it: retry, edit, delete, and
 * with `movable` the order. Dispatches `editing` when the text is taken up (true) and laid down (false), and `acted`
 * after something was done, for the focus to be kept where the list around it changes.
 */
import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { maxTextCodePoints, textProblem } from '../../server/protocol/text.ts';
import type { OutboxRow } from '../store/database.ts';
import { canBeChanged, type ChangeOutcome } from '../store/queue.ts';
import type { Chat } from '../sync/chat.ts';
import { fill, words } from '../words/words.ts';
import { icon } from './icons.ts';
import { sharedStyles } from './shared-styles.ts';
import { waitingActionsStyles } from './waiting-actions-styles.ts';

@customElement('ot-waiting-actions')
export class WaitingActions extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @property({ attribute: false }) row!: OutboxRow;
  /** Where it can go in its list; undefined where there is no list. */
  @property({ attribute: false }) movable: { up: boolean; down: boolean } | undefined;
  @property({ type: Boolean, reflect: true, attribute: 'editing' }) isEditing = false;
  @state() private isAsking = false;
  @state() private problem = '';
  /** It went out while it was being changed: the new text can go as a message of its own. */
  @state() private isTooLate = false;
  @query('textarea') private readonly field!: HTMLTextAreaElement;

  static override styles = [sharedStyles, waitingActionsStyles];

  override render() {
    return html`
      ${this.isEditing ? this.#editor() : this.#buttons()}
      ${this.problem === '' ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
    `;
  }

  async #edit(): Promise<void> {
    this.#setEditing(true);
    await this.updateComplete;
    this.field.focus();
  }

  /** After its list was put in another order. */
  focusOn(action: string): void {
    const find = (name: string) =>
      this.renderRoot.querySelector<HTMLElement>(`[name="${name}"]:not([disabled])`);
    (find(action) ?? find(action === 'up' ? 'down' : 'up'))?.focus();
  }

  #buttons() {
    const isTheirs = canBeChanged(this.row);
    return html`
      ${isTheirs ? nothing : html`<p>${words.waitingActions.mayBeSent}</p>`}
      <div class="actions">
        ${
          this.row.status === 'failed'
            ? this.#button('retry', words.waitingActions.retry, () => this.#act('retry', () => this.#retry()))
            : nothing
        }
        ${isTheirs ? this.#button('edit', words.waitingActions.edit, () => this.#edit()) : nothing}
        ${this.#button('delete', this.isAsking ? words.waitingActions.reallyDelete : words.actions.delete, () => this.#delete())}
        ${this.movable && isTheirs ? [this.#move('up', words.waitingActions.up), this.#move('down', words.waitingActions.down)] : nothing}
      </div>
    `;
  }

  #button(name: string, label: string, act: () => Promise<void>) {
    return html`<button
      class="text-button ${name}"
      name=${name}
      @click=${act}
      @blur=${() => (this.isAsking = false)}
    >
      ${label}
    </button>`;
  }

  #move(direction: 'up' | 'down', label: string) {
    return html`<button
      class="icon-button ${direction}"
      name=${direction}
      aria-label=${label}
      ?disabled=${!this.movable![direction]}
      @click=${() => this.#act(direction, () => this.chat.move(this.row.id, direction))}
    >
      ${icon('down')}
    </button>`;
  }

  #editor() {
    return html`<textarea
        aria-label=${words.waitingActions.text}
        rows="3"
        dir="auto"
        .value=${this.row.text}
        @keydown=${this.#onKey}
      ></textarea>
      <div class="actions">
        ${
          this.isTooLate
            ? this.#button('anew', words.waitingActions.sendAnew, () => this.#sendAnew())
            : this.#button('save', words.actions.save, () => this.#save())
        }
        ${this.#button('cancel', words.actions.cancel, async () => this.#setEditing(false))}
      </div>`;
  }

  #setEditing(isEditing: boolean): void {
    this.isEditing = isEditing;
    this.isTooLate = false;
    this.problem = '';
    this.#say('editing', isEditing);
    if (!isEditing) void this.updateComplete.then(() => this.focusOn('edit'));
  }

  /** Esc lays the text down; only the next one closes the sheet. */
  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.#setEditing(false);
  }

  async #save(): Promise<void> {
    const text = this.field.value;
    if (text === this.row.text) return this.#setEditing(false);
    const trouble = textProblem(text);
    if (trouble) {
      this.problem = fill(words.waitingActions.problems[trouble], { n: maxTextCodePoints });
      return;
    }
    await this.#act('edit', async () => {
      const outcome = await this.chat.edit(this.row.id, text);
      if (outcome === 'changed') this.#setEditing(false);
      else {
        this.isTooLate = true;
        this.problem = words.waitingActions.justSentUnchanged;
      }
      return outcome;
    });
  }

  async #sendAnew(): Promise<void> {
    const outcome = await this.chat.send({ id: this.row.toId, nick: this.row.to }, this.field.value);
    if (outcome.kind === 'queued') this.#setEditing(false);
    else this.problem = words.waitingActions.notKept;
  }

  async #retry(): Promise<ChangeOutcome> {
    await this.chat.retry(this.row.id);
    return 'changed';
  }

  /** What is deleted is gone, so it takes two. */
  async #delete(): Promise<void> {
    if (!this.isAsking) {
      this.isAsking = true;
      return;
    }
    await this.#act('delete', () => this.chat.remove(this.row.id));
  }

  async #act(action: string, act: () => Promise<ChangeOutcome>): Promise<void> {
    const wasTheirs = canBeChanged(this.row);
    this.problem = '';
    try {
      const outcome = await act();
      const isLate = outcome === 'gone' || (outcome === 'tried' && wasTheirs);
      if (isLate && this.problem === '') this.problem = words.waitingActions.justSent;
      this.#say('acted', { action, id: this.row.id, isLate });
    } catch (error) {
      console.error(error);
      this.problem = words.waitingActions.notKept;
    }
  }

  #say(word: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(word, { detail, bubbles: true, composed: true }));
  }
}

export interface Acted {
  action: string;
  id: string;
  /** The message had just been sent. */
  isLate: boolean;
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-waiting-actions': WaitingActions;
  }
}
