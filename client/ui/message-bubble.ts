/**
 * <ot-message chat message own first>: one message with its time and, if own, how far it got. What was refused says why
 * and can be dealt with on the spot. Its options button, a long press, or its context menu dispatches `open-message`.
 */
import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { OutboxRow } from '../store/database.ts';
import type { ThreadMessage } from '../store/thread.ts';
import type { Chat } from '../sync/chat.ts';
import { fill, fillParts, words } from '../words/words.ts';
import { timeOf } from './day-and-time.ts';
import { isEmojiOnly } from './emoji-only.ts';
import { icon, stateIcon } from './icons.ts';
import { lateText } from './late.ts';
import { linkedText } from './linked-text.ts';
import { LongPress } from './long-press.ts';
import { messageBubbleStyles } from './message-bubble-styles.ts';
import { sharedStyles } from './shared-styles.ts';
import { markedText } from './marked-text.ts';
import './waiting-actions.ts';
import { refusalText } from './why-waiting.ts';

/** More marks on one letter than any language has. */
const stack = /\p{M}{6}/u;

@customElement('ot-message')
export class MessageBubble extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @property({ attribute: false }) message!: ThreadMessage;
  @property({ type: Boolean, reflect: true }) own = false;
  /** First of its group: it has the tail. */
  @property({ type: Boolean, reflect: true }) first = false;
  /** Words by which it was found: they are marked. */
  @property({ attribute: false }) terms: readonly string[] | undefined;

  static override styles = [sharedStyles, messageBubbleStyles];

  constructor() {
    super();
    new LongPress(this, () => this.#openOptions());
  }

  override render() {
    const { text, composedAt, acceptedAt, erased, state: progress, waiting } = this.message;
    const late = acceptedAt === undefined ? undefined : lateText(composedAt, acceptedAt);
    return html`
      <div class="bubble">
        <span class="visually-hidden"
          >${this.own ? words.message.byMe : fill(words.message.by, { nick: this.message.from })}</span
        >
        ${
          erased === undefined
            ? html`<span class=${classOf(text)} dir="auto"
                >${this.terms ? markedText(text, this.terms) : linkedText(text)}</span
              >`
            : html`<em>${words.message.erased}</em>`
        }
        <span class="meta">
          <span
            ><time datetime=${acceptedAt ?? composedAt}>${timeOf(acceptedAt ?? composedAt)}</time
            >${late === undefined ? nothing : ` · ${late}`}</span
          >
          ${progress ? stateIcon(progress) : nothing}
          <button
            class=${progress === 'queued' ? 'more waits' : 'more'}
            aria-label=${words.message.options}
            aria-haspopup="dialog"
            aria-live="off"
            @click=${this.#openOptions}
          >
            ${icon('more')}
          </button>
        </span>
      </div>
      ${
        // There before what it says, so that it is read aloud, though the message around it is not.
        waiting ? html`<p class="reason" aria-live="polite">${this.#refusal(waiting)}</p>` : nothing
      }
      ${
        waiting?.status === 'failed'
          ? html`<ot-waiting-actions .chat=${this.chat} .row=${waiting}></ot-waiting-actions>`
          : nothing
      }
    `;
  }

  #refusal({ status, refusal }: OutboxRow) {
    return status === 'failed'
      ? fillParts(words.message.notSent, { why: html`<bdi>${refusalText(refusal)}</bdi>` })
      : nothing;
  }

  #openOptions(): void {
    const { fromId, id } = this.message;
    const detail: MessageName = { fromId, id };
    this.dispatchEvent(new CustomEvent('open-message', { detail, bubbles: true, composed: true }));
  }
}

function classOf(text: string): string {
  if (isEmojiOnly(text)) return 'text big';
  return stack.test(text) ? 'text stacked' : 'text';
}

export interface MessageName {
  fromId: string;
  id: string;
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-message': MessageBubble;
  }
}
