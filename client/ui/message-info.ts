/**
 * <ot-message-info chat fromId messageId>: one message, its journey, and what can be done with it. It keeps
 * up with what happens while it is open.
 */
import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { OutboxRow } from '../store/database.ts';
import { readMessageDetails, type MessageDetails } from '../store/message-details.ts';
import type { Chat } from '../sync/chat.ts';
import { fill, fillParts, words } from '../words/words.ts';
import { beginning } from './beginning.ts';
import { dayAndTime } from './day-and-time.ts';
import { icon } from './icons.ts';
import { isClockWrong, journeyOf, type Step } from './journey.ts';
import { LiveQuery } from './live-query.ts';
import { messageInfoStyles } from './message-info-styles.ts';
import { Sheet } from './sheet.ts';
import './waiting-actions.ts';
import type { WaitingActions } from './waiting-actions.ts';
import { refusalText } from './why-waiting.ts';

/** More of a text than that is read in the thread. */
const shownChars = 500;

@customElement('ot-message-info')
export class MessageInfo extends Sheet {
  @property({ attribute: false }) chat!: Chat;
  @property() fromId = '';
  @property() messageId = '';
  /** Its text is being changed: that goes on, even when it is sent meanwhile. */
  @state() private editing: OutboxRow | undefined;
  @state() private copied = '';
  @query('ot-waiting-actions') private readonly actions!: WaitingActions | null;
  readonly #details = new LiveQuery(
    this,
    // Whose thread it is in is not known before it is read; any change may be of it.
    () => ['outbox', 'conversations'],
    () => readMessageDetails(this.chat.db, this.fromId, this.messageId),
  );

  static override styles = [...Sheet.styles, messageInfoStyles];

  protected heading(): string {
    return words.message.heading;
  }

  protected content() {
    const details = this.#details.value;
    return html`
      ${details ? this.#message(details) : nothing}
      <div class="row">
        ${details && details.message.erased === undefined && 'clipboard' in navigator ? this.#copy(details) : html`<span></span>`}
        <button class="text-button" @click=${() => this.close()}>${words.actions.close}</button>
      </div>
    `;
  }

  #message(details: MessageDetails) {
    const { message } = details;
    const { waiting } = message;
    const row = this.editing ?? waiting;
    const shown = message.erased === undefined ? beginning(message.text, shownChars) : words.message.erased;
    return html`
      <p class="text" dir="auto">${shown}</p>
      <ol role="list">
        ${journeyOf(details, this.chat.me.id).map((step) => this.#step(step, details.nick))}
      </ol>
      ${
        isClockWrong(details)
          ? html`<p class="note">
              ${
                message.fromId === this.chat.me.id
                  ? words.message.ownClock
                  : fillParts(words.message.theirClock, { nick: html`<bdi>${details.nick}</bdi>` })
              }
            </p>`
          : nothing
      }
      ${waiting?.status === 'failed' ? html`<p class="reason">${fillParts(words.message.notSent, { why: html`<bdi>${refusalText(waiting.refusal)}</bdi>` })}</p>` : nothing}
      ${
        row
          ? html`<ot-waiting-actions
                .chat=${this.chat}
                .row=${row}
                @editing=${({ detail }: CustomEvent<boolean>) => (this.editing = detail ? row : undefined)}
                @acted=${this.#onActed}
              ></ot-waiting-actions>
              <button class="text-button all" @click=${() => this.leaveFor('open-queue')}>
                ${words.message.everythingWaiting}
              </button>`
          : nothing
      }
    `;
  }

  #step({ what, isReached, at, isLatest, note }: Step, nick: string) {
    const name = fillParts(words.message.steps[what], { nick: html`<bdi>${nick}</bdi>` });
    return html`<li class=${isReached ? 'reached' : ''}>
      ${isReached ? icon('sent') : html`<span class="ahead"></span>`}
      <span
        >${name}${note === undefined ? nothing : html`<span class="note">${fill(words.message.note, { note })}</span>`}</span
      >
      ${
        at === undefined
          ? html`<span class="visually-hidden"
              >${isReached ? words.message.reached : words.message.ahead}</span
            >`
          : html`<time datetime=${at}
              >${isLatest ? fill(words.time.by, { time: dayAndTime(at) }) : dayAndTime(at)}</time
            >`
      }
    </li>`;
  }

  #copy({ message }: MessageDetails) {
    return html`<button class="text-button" @click=${() => this.#onCopy(message.text)}>
      ${this.copied === '' ? words.message.copy : this.copied}
    </button>`;
  }

  async #onCopy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copied = words.message.copied;
    } catch (error) {
      console.error(error);
      this.copied = words.message.notCopied;
    }
  }

  /** Deleted, or sent anew under another name: then there is nothing left to show. */
  async #onActed(): Promise<void> {
    await this.#details.refresh();
    await this.updateComplete;
    if (!this.#details.value) this.close();
    else if (!this.actions) this.keepFocus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-message-info': MessageInfo;
  }
}
