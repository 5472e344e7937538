/**
 * <ot-composer chat peer>: where a message is written. What is typed is a draft on the device until it is in the outbox;
 * the field clears only when that is complete. It never refuses to send for want of a network.
 */
import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { maxTextCodePoints, textProblem } from '../../server/protocol/text.ts';
import { readDraft, saveDraft } from '../store/drafts.ts';
import type { Peer } from '../store/outbox.ts';
import { isTooOld } from '../store/trouble.ts';
import type { Chat } from '../sync/chat.ts';
import { fill, numberText, words } from '../words/words.ts';
import type { BeforeReload } from './before-reload.ts';
import './emoji-picker.ts';
import { icon } from './icons.ts';
import { composerStyles } from './message-composer-styles.ts';
import { sharedStyles } from './shared-styles.ts';
import { keepSpareDraft, takeSpareDraft } from './spare-draft.ts';

const draftAfterMs = 250;
const counterFrom = maxTextCodePoints - 200;

@customElement('ot-composer')
export class MessageComposer extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @property({ attribute: false }) peer!: Peer;
  @state() private text = '';
  @state() private problem = '';
  @query('textarea') private readonly field!: HTMLTextAreaElement;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isSending = false;
  readonly #keep = () => void this.#keepDraft();
  /** Whether the last draft was kept. */
  #kept = Promise.resolve(true);
  readonly #beforeReload = ({ kept }: BeforeReload) =>
    kept.push(this.#isSending ? Promise.resolve(false) : this.#keepDraft());

  static override styles = [sharedStyles, composerStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('pagehide', this.#keep);
    document.addEventListener('visibilitychange', this.#keep);
    window.addEventListener('before-reload', this.#beforeReload);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('pagehide', this.#keep);
    document.removeEventListener('visibilitychange', this.#keep);
    window.removeEventListener('before-reload', this.#beforeReload);
    void this.#keepDraft();
  }

  override firstUpdated(): void {
    this.#showDraft().catch((error: unknown) => console.error(error));
  }

  async #showDraft(): Promise<void> {
    const spare = takeSpareDraft(this.peer.id);
    const draft = spare || (await readDraft(this.chat.db, this.peer.id));
    // Whoever typed already is not overwritten.
    if (draft !== '' && this.field.value === '') this.#show(draft);
    if (spare !== '') this.#timer = setTimeout(this.#keep);
  }

  override render() {
    const count = this.text.length > counterFrom ? [...this.text].length : 0;
    const isTooLong = count > maxTextCodePoints;
    const problem = isTooLong ? fill(words.composer.tooLong, { n: maxTextCodePoints }) : this.problem;
    return html`
      ${problem === '' ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
      <form @submit=${this.#submit}>
        ${hasKeyboard() ? html`<ot-emoji @picked=${this.#onEmoji}></ot-emoji>` : nothing}
        <textarea
          aria-label=${words.composer.message}
          placeholder=${words.composer.message}
          rows="1"
          dir="auto"
          enterkeyhint=${hasKeyboard() ? 'send' : 'enter'}
          aria-invalid=${isTooLong}
          @input=${this.#onInput}
          @keydown=${this.#onKey}
          @paste=${this.#onPaste}
        ></textarea>
        ${count > counterFrom ? html`<span class="counter ${isTooLong ? 'over' : ''}">${numberText(maxTextCodePoints - count)}</span>` : nothing}
        <button
          class="send"
          aria-label=${words.composer.send}
          ?disabled=${this.text.trim() === ''}
          @mousedown=${keepFocus}
        >
          ${icon('send')}
        </button>
      </form>
    `;
  }

  #show(text: string): void {
    this.field.value = text;
    this.text = text;
    this.#grow();
  }

  #onInput(): void {
    this.text = this.field.value;
    this.problem = '';
    this.#grow();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#keep, draftAfterMs);
    if (this.text !== '') this.chat.typed(this.peer);
  }

  #onEmoji({ detail }: CustomEvent<string>): void {
    const { field } = this;
    field.setRangeText(detail, field.selectionStart, field.selectionEnd, 'end');
    field.focus();
    this.#onInput();
  }

  /** A picture has no text in it; whoever pastes one is told, instead of wondering. */
  #onPaste({ clipboardData }: ClipboardEvent): void {
    if (clipboardData && clipboardData.files.length > 0 && clipboardData.getData('text') === '') {
      this.problem = words.composer.onlyText;
    }
  }

  #grow(): void {
    this.field.style.setProperty('block-size', 'auto');
    this.field.style.setProperty('block-size', `${this.field.scrollHeight + 2}px`);
  }

  #keepDraft(): Promise<boolean> {
    // What is being sent is no draft any more; sending deletes it.
    if (this.#timer === undefined || this.#isSending) return this.#kept;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#kept = this.#saveDraft();
    return this.#kept;
  }

  async #saveDraft(): Promise<boolean> {
    const { text } = this;
    try {
      await saveDraft(this.chat.db, this.peer.id, text);
      takeSpareDraft(this.peer.id); // older than this
      return true;
    } catch (error) {
      console.error(error);
      const isSpared = keepSpareDraft(this.peer.id, text);
      // A page that is too old says so itself, and how to go on.
      if (!isSpared || !isTooOld()) this.problem = words.composer.unkept;
      return isSpared;
    }
  }

  #onKey(event: KeyboardEvent): void {
    // Safari ends the composing of a word before the Enter that ended it; it marks that one by 229.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    if (!hasKeyboard()) return;
    event.preventDefault();
    void this.#send();
  }

  #submit(event: Event): void {
    event.preventDefault();
    void this.#send();
  }

  async #send(): Promise<void> {
    const { text } = this;
    const problem = textProblem(text);
    if (this.#isSending || problem === 'text_empty') return;
    // Says so already, as long as it is.
    if (problem === 'text_too_long') return this.field.focus();
    if (problem === 'text_invalid') {
      this.problem = words.composer.invalid;
      return;
    }
    this.#isSending = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      const outcome = await this.chat.send(this.peer, text);
      if (outcome.kind === 'queued') this.#clear(text);
      else this.problem = outcome.why === 'full' ? words.composer.full : words.composer.broken;
    } finally {
      this.#isSending = false;
    }
    this.field.focus();
  }

  /** It is in the outbox. What was typed on while it was being stored stays, as the next draft. */
  #clear(sent: string): void {
    const { value } = this.field;
    takeSpareDraft(this.peer.id);
    this.#show(value.startsWith(sent) ? value.slice(sent.length) : value);
    if (this.text !== '') this.#timer = setTimeout(this.#keep, draftAfterMs);
    this.dispatchEvent(new CustomEvent('sent', { bubbles: true, composed: true }));
  }
}

/** With a mouse there is a keyboard, and then Enter sends; on touch it makes a new line. */
function hasKeyboard(): boolean {
  return matchMedia('(hover: hover)').matches;
}

/** The keyboard of a phone stays up when Send is pressed. */
function keepFocus(event: Event): void {
  event.preventDefault();
}
