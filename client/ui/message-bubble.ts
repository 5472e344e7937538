/**
 * <ot-message message isOwn>: one message with its time and, if own, how far it got. What was refused says why and can
 * be tried again, changed or deleted. It only dispatches what the person wants: `message-action`.
 */
import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Refusal } from '../../server/protocol/problem.ts';
import type { ThreadMessage } from '../store/thread.ts';
import { timeOf } from './day-and-time.ts';
import { icon, stateIcon } from './icons.ts';
import { messageBubbleStyles } from './message-bubble-styles.ts';
import { sharedStyles } from './shared-styles.ts';

export interface MessageAction {
  action: 'retry' | 'edit' | 'delete';
  message: ThreadMessage;
}

const reasons: Partial<Record<Refusal['code'], string>> = {
  text_empty: 'There is nothing in it.',
  text_too_long: 'It is too long: at most 4,000 characters.',
  text_invalid: 'It has characters that cannot be sent.',
  unknown_person: 'Nobody has this nick any more.',
  person_changed: 'This nick belongs to another person now.',
  id_reused: 'Another message went out under its name. Edit it to send it anew.',
  too_large: 'It is too large.',
  storage_full: 'The server has no room. Try again later.',
  rate_limited: 'Too many messages at once. Try again in a moment.',
};

@customElement('ot-message')
export class MessageBubble extends LitElement {
  @property({ attribute: false }) message!: ThreadMessage;
  @property({ type: Boolean, reflect: true }) own = false;
  /** First of its group: it has the tail. */
  @property({ type: Boolean, reflect: true }) first = false;
  @state() private isOpen = false;

  static override styles = [sharedStyles, messageBubbleStyles];

  override render() {
    const { text, composedAt, acceptedAt, state: progress } = this.message;
    const waits = progress === 'queued' || progress === 'failed';
    return html`
      <div class="bubble">
        <span class="text" dir="auto">${text}</span>
        <span class="meta">
          <time datetime=${composedAt}>${timeOf(waits ? composedAt : (acceptedAt ?? composedAt))}</time>
          ${progress ? stateIcon(progress) : nothing}
          ${
            progress === 'queued'
              ? html`<button
                  class="more"
                  aria-label="Message options"
                  aria-expanded=${this.isOpen}
                  @click=${this.#toggle}
                >
                  ${icon('more')}
                </button>`
              : nothing
          }
        </span>
      </div>
      ${progress === 'failed' ? this.#failed() : nothing}
      ${progress === 'queued' && this.isOpen ? this.#queued() : nothing}
    `;
  }

  #failed() {
    const { refusal } = this.message;
    const reason = (refusal && (reasons[refusal.code] ?? refusal.detail)) || 'The server did not take it.';
    return html`<p class="reason">Not sent. ${reason}</p>
      <div class="actions">
        ${this.#button('retry', 'Retry')} ${this.#button('edit', 'Edit')} ${this.#button('delete', 'Delete')}
      </div>`;
  }

  #queued() {
    const { tried } = this.message;
    return html`${
        tried ? html`<p class="note">May already have been sent. Deleting it only stops trying.</p>` : nothing
      }
      <div class="actions">
        ${tried ? nothing : this.#button('edit', 'Edit')} ${this.#button('delete', 'Delete')}
      </div>`;
  }

  #button(action: MessageAction['action'], label: string) {
    return html`<button class="text-button" @click=${() => this.#act(action)}>${label}</button>`;
  }

  #toggle(): void {
    this.isOpen = !this.isOpen;
  }

  #act(action: MessageAction['action']): void {
    const detail: MessageAction = { action, message: this.message };
    this.dispatchEvent(new CustomEvent('message-action', { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-message': MessageBubble;
  }
}
