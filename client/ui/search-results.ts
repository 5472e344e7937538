/**
 * <ot-search-results chat search words>: messages on this device that have all of the words, the latest first, each a link to its
 * place in its conversation; and what could not be searched.
 */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { termsOf } from '../store/fold.ts';
import type { MessageSearch, SearchAnswer, SearchHit } from '../store/search.ts';
import type { Chat } from '../sync/chat.ts';
import './avatar.ts';
import { shortDayOrTime } from './day-and-time.ts';
import { markedText, snippet } from './marked-text.ts';
import { rowStyles } from './row-styles.ts';
import { sharedStyles } from './shared-styles.ts';

/** What fills the screen is shown at once, and the rest right after it. */
const rowsInTurn = [10, 20, 35, 50] as const;
const atMost = rowsInTurn.at(-1)!;
const shownChars = 120;

@customElement('ot-search-results')
export class SearchResults extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @property({ attribute: false }) search!: MessageSearch;
  @property() words = '';
  @state() private answer: SearchAnswer | undefined;
  @state() private isBroken = false;
  /** Counts the searches: only the newest one is answered. */
  #turn = 0;
  /** What `answer` is an answer to. */
  #answered = '';

  static override styles = [
    sharedStyles,
    rowStyles,
    css`
      .middle {
        flex: 1;
        min-inline-size: 0;
      }
      .nick {
        font-weight: 600;
      }
      .nick,
      .hit {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .hit {
        color: var(--text-2);
        font-size: 0.875rem;
      }
      time {
        align-self: start;
        padding-block-start: 8px;
        font-size: 0.75rem;
        color: var(--text-2);
      }
      .note {
        margin: 8px 16px 16px;
        font-size: 0.875rem;
        color: var(--text-2);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.search.onNews = () => void this.#find();
    void this.#find();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.search.onNews = undefined;
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('words')) void this.#find();
  }

  override render() {
    if (this.isBroken) {
      return html`<p class="note" role="alert">
        What is kept on this device cannot be read just now. Nothing is lost; reload the page.
      </p>`;
    }
    const { answer } = this;
    if (!answer) return nothing;
    const terms = termsOf(this.words);
    return html`
      ${
        answer.hits.length === 0
          ? html`<p class="note">No message on this device has '<bdi>${this.words}</bdi>'.</p>`
          : html`<h2>Messages</h2>
              <ul role="list">
                ${repeat(
                  answer.hits,
                  ({ message: { fromId, id } }) => `${fromId} ${id}`,
                  (hit) => this.#row(hit, terms),
                )}
              </ul>`
      }
      ${answer.isMore ? html`<p class="note">The latest ${atMost} are shown. More words find fewer.</p>` : nothing}
      ${
        answer.incomplete > 0
          ? html`<p class="note">
              ${
                answer.incomplete === 1
                  ? 'One conversation is not here as a whole'
                  : `${answer.incomplete} conversations are not here as a whole`
              }:
              what is only on the server was not searched.
            </p>`
          : nothing
      }
    `;
  }

  #row({ nick, message }: SearchHit, terms: readonly string[]) {
    const { fromId, id, seq, text, acceptedAt, composedAt } = message;
    const at = acceptedAt ?? composedAt;
    const isOwn = fromId === this.chat.me.id;
    return html`<li>
      <a href=${`/c/${encodeURIComponent(nick)}`} @click=${() => this.#open({ fromId, id, seq, terms })}>
        <ot-avatar nick=${nick}></ot-avatar>
        <span class="middle">
          <span class="nick"><bdi>${nick}</bdi></span>
          <span class="hit"
            >${isOwn ? 'You: ' : nothing}<bdi
              >${markedText(snippet(text, terms, shownChars), terms)}</bdi
            ></span
          >
        </span>
        <time datetime=${at}>${shortDayOrTime(at)}</time>
      </a>
    </li>`;
  }

  /** The link leads to the conversation; this says where in it. */
  #open(detail: object): void {
    this.dispatchEvent(new CustomEvent('open-found', { detail, bubbles: true, composed: true }));
  }

  async #find(): Promise<void> {
    const { words } = this;
    this.#turn += 1;
    const turn = this.#turn;
    if (words === '') return;
    // What is shown of the same answer stays.
    const shown = words === this.#answered ? this.answer!.hits.length : 0;
    try {
      for (const rows of rowsInTurn.filter((most) => most >= shown)) {
        const answer = await this.search.find(words, rows);
        // Typed on meanwhile: then the next answer is on its way.
        if (turn !== this.#turn || !this.isConnected) return;
        this.answer = answer;
        this.#answered = words;
        this.isBroken = false;
        if (!answer.isMore) return;
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      }
    } catch (error) {
      console.error(error);
      this.isBroken = true;
    }
  }
}
