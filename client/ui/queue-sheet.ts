/**
 * <ot-queue chat>: everything that waits on this device, in the order in which it goes out: why, since when, and what can
 * be done. What was refused stands first, because it waits for the person.
 */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { OutboxRow } from '../store/database.ts';
import { canBeMoved, readQueue, type Queue } from '../store/queue.ts';
import type { Chat } from '../sync/chat.ts';
import { fill, fillParts, words } from '../words/words.ts';
import { beginning } from './beginning.ts';
import { dayAndTime } from './day-and-time.ts';
import { triesText } from './journey.ts';
import { LiveQuery } from './live-query.ts';
import { queueSheetStyles } from './queue-sheet-styles.ts';
import { Sheet } from './sheet.ts';
import './waiting-actions.ts';
import type { Acted } from './waiting-actions.ts';
import { nextTryText, refusalText, troubleText } from './why-waiting.ts';

/** More of a text than that is read in the thread. */
const shownChars = 500;

@customElement('ot-queue')
export class QueueSheet extends Sheet {
  @property({ attribute: false }) chat!: Chat;
  /** Whose text is being changed: it stays, even when it is sent meanwhile. */
  @state() private editing: OutboxRow | undefined;
  /** For screen readers: what came of the last action. */
  @state() private said = '';
  /** `nextTryAt` when the person asked for a try: until that changes it is under way. */
  @state() private askedAt: number | undefined;
  #clock: ReturnType<typeof setTimeout> | undefined;
  readonly #queue = new LiveQuery(
    this,
    () => ['outbox'],
    () => readQueue(this.chat.db),
  );

  static override styles = [...Sheet.styles, queueSheetStyles];

  protected heading(): string {
    return words.queue.heading;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#clock);
  }

  override updated(): void {
    // The seconds count down.
    clearTimeout(this.#clock);
    const { nextTryAt = 0 } = this.#queue.value?.flush ?? {};
    if (nextTryAt > Date.now()) this.#clock = setTimeout(() => this.requestUpdate(), 1_000);
  }

  protected content() {
    const queue = this.#queue.value;
    return html`
      <p class="visually-hidden" aria-live="polite">${this.said}</p>
      ${this.#queue.error === undefined ? nothing : html`<p role="alert">${words.queue.unreadable}</p>`}
      ${queue ? this.#lists(queue) : nothing}
      <div class="row">
        <span></span><button class="text-button" @click=${() => this.close()}>${words.actions.close}</button>
      </div>
    `;
  }

  #lists({ queued, failed, flush }: Queue) {
    const lost = this.editing && ![...queued, ...failed].some(({ id }) => id === this.editing!.id);
    const shown = lost ? [this.editing!, ...queued].toSorted((a, b) => a.ordinal! - b.ordinal!) : queued;
    if (shown.length + failed.length === 0) return html`<p>${words.queue.allSent}</p>`;
    const free = queued.filter(canBeMoved);
    return html`
      ${
        failed.length > 0
          ? html`<h3>${words.queue.notSent}</h3>
              ${this.#list(failed, [])}`
          : nothing
      }
      ${
        shown.length > 0
          ? html`${this.#why(flush)}${failed.length > 0 ? html`<h3>${words.queue.stillWaiting}</h3>` : nothing}${this.#list(shown, free)}`
          : nothing
      }
    `;
  }

  #why(flush: Queue['flush']) {
    const isTrying = this.askedAt === flush.nextTryAt && flush.holdUntil <= Date.now();
    const trouble = troubleText(flush);
    return html`<div class="why">
      <p>
        ${trouble === undefined ? nothing : html`<strong>${trouble}</strong>`}
        <span>${isTrying ? words.waiting.trying : nextTryText(flush, Date.now())}</span>
      </p>
      <button class="text-button" @click=${() => this.#tryNow(flush)}>${words.actions.tryNow}</button>
    </div>`;
  }

  #list(rows: OutboxRow[], free: OutboxRow[]) {
    return html`<ul role="list" @acted=${this.#onActed}>
      ${repeat(
        rows,
        ({ id }) => id,
        (row) => {
          const place = free.indexOf(row);
          const movable = place < 0 ? undefined : { up: place > 0, down: place < free.length - 1 };
          return html`<li @editing=${(event: CustomEvent<boolean>) => this.#onEditing(event, row)}>
            <p class="to">${fillParts(words.queue.to, { nick: html`<bdi>${row.to}</bdi>` })}</p>
            ${row.id === this.editing?.id ? nothing : html`<p class="text" dir="auto">${beginning(row.text, shownChars)}</p>`}
            ${
              row.status === 'failed'
                ? html`<p class="reason" dir="auto">${refusalText(row.refusal)}</p>`
                : html`<p class="tries">
                    ${fillParts(words.queue.since, {
                      time: html`<time datetime=${row.composedAt}>${dayAndTime(row.composedAt)}</time>`,
                      tries: triesText(row.attempts),
                    })}
                  </p>`
            }
            <ot-waiting-actions
              data-id=${row.id}
              .chat=${this.chat}
              .row=${row}
              .movable=${free.length > 1 ? movable : undefined}
            ></ot-waiting-actions>
          </li>`;
        },
      )}
    </ul>`;
  }

  #tryNow({ nextTryAt }: Queue['flush']): void {
    this.askedAt = nextTryAt;
    this.chat.tryNow();
  }

  #onEditing({ detail }: CustomEvent<boolean>, row: OutboxRow): void {
    this.editing = detail ? row : undefined;
  }

  async #onActed({ detail: { action, id, isLate } }: CustomEvent<Acted>): Promise<void> {
    await this.#queue.refresh();
    await this.updateComplete;
    const after = this.renderRoot.querySelector<HTMLElementTagNameMap['ot-waiting-actions']>(
      `[data-id="${id}"]`,
    );
    if (action === 'up' || action === 'down') {
      const rows = [...this.renderRoot.querySelectorAll('[data-id]')];
      this.said = fill(words.queue.place, { place: rows.indexOf(after!) + 1, all: rows.length });
      await after?.updateComplete;
      after?.focusOn(action);
      return;
    }
    if (isLate) this.said = words.waitingActions.justSent;
    else if (action === 'delete') this.said = words.queue.deleted;
    if (!after) this.keepFocus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-queue': QueueSheet;
  }
}
