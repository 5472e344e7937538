/**
 * <ot-report chat peer>: tells the operator about a person: a reason, a note, and those of their latest messages that one
 * chooses to hand over; of no others does anybody get the text. It needs a connection, and says so.
 */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { maxReportNote, reportReasons, type ReportReason } from '../../server/protocol/peers.ts';
import type { Peer } from '../store/outbox.ts';
import { readThread } from '../store/thread.ts';
import type { Chat } from '../sync/chat.ts';
import { fillParts, words } from '../words/words.ts';
import { beginning } from './beginning.ts';
import { LiveQuery } from './live-query.ts';
import { Sheet } from './sheet.ts';

/** Among the latest of the thread are those that one would report. */
const lookedAt = 30;
const mostOffered = 10;
const previewChars = 120;

@customElement('ot-report')
export class ReportSheet extends Sheet {
  @property({ attribute: false }) chat!: Chat;
  @property({ attribute: false }) peer!: Peer;
  @state() private isSent = false;
  @state() private isSending = false;
  @state() private problem = '';
  readonly #theirs = new LiveQuery(
    this,
    () => [`thread:${this.peer.id}`],
    async () => {
      const { messages } = await readThread(this.chat.db, this.peer.id, lookedAt);
      return messages.filter(({ fromId }) => fromId === this.peer.id).slice(-mostOffered);
    },
  );

  static override styles = [
    ...Sheet.styles,
    css`
      fieldset {
        margin: 0 0 var(--space-4);
        padding: 0;
        border: 0;
        min-inline-size: 0;
      }
      legend,
      .note {
        padding: 0;
        font-size: var(--type-note);
        color: var(--text-2);
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        min-block-size: var(--target);
        cursor: pointer;
      }
      label bdi {
        overflow: hidden;
      }
      .note {
        display: block;
      }
      input {
        inline-size: 24px;
        block-size: 24px;
        flex: none;
        margin: 0;
        accent-color: var(--accent);
      }
      textarea {
        inline-size: 100%;
        min-block-size: calc(2 * var(--target));
        padding: var(--space-2);
        border: 1px solid var(--text-2);
        border-radius: var(--radius-button);
        background: var(--surface);
        color: inherit;
        font: inherit;
        resize: vertical;
      }
    `,
  ];

  protected heading() {
    return fillParts(words.report.about, { nick: html`<bdi>${this.peer.nick}</bdi>` });
  }

  protected content() {
    const { thanks, why, note, handOver, send } = words.report;
    if (this.isSent) {
      return html`<p role="status">${thanks}</p>
        <div class="row">
          <button class="text-button" @click=${() => this.close()}>${words.actions.close}</button>
        </div>`;
    }
    const theirs = this.#theirs.value ?? [];
    return html`<form @submit=${this.#onSubmit}>
      <fieldset>
        <legend>${why}</legend>
        ${reportReasons.map(
          (reason, index) =>
            html`<label>
              <input type="radio" name="reason" value=${reason} ?checked=${index === 0} />
              ${words.report.reasons[reason]}
            </label>`,
        )}
      </fieldset>
      ${
        theirs.length === 0
          ? nothing
          : html`<fieldset>
              <legend>${handOver}</legend>
              ${theirs.map(
                ({ id, text }) =>
                  html`<label>
                    <input type="checkbox" name="message" value=${id} />
                    <bdi>${beginning(text, previewChars)}</bdi>
                  </label>`,
              )}
            </fieldset>`
      }
      <label class="note">
        ${note}
        <textarea name="note" maxlength=${maxReportNote} dir="auto"></textarea>
      </label>
      <p role="alert">${this.problem}</p>
      <div class="row">
        <button type="button" class="text-button" @click=${() => this.close()}>
          ${words.actions.cancel}
        </button>
        <button class="main-button" ?disabled=${this.isSending}>${send}</button>
      </div>
    </form>`;
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('isSent')) this.keepFocus();
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const misdeed = {
      reason: form.get('reason') as ReportReason,
      note: form.get('note') as string,
      messages: form.getAll('message') as string[],
    };
    this.isSending = true;
    void this.chat
      .report(this.peer, misdeed)
      .then((outcome) => {
        this.isSent = outcome === 'sent';
        this.problem = outcome === 'busy' ? words.report.busy : words.report.offline;
      })
      .finally(() => (this.isSending = false));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-report': ReportSheet;
  }
}
