/**
 * <ot-search-results chat search searched>: messages on this device that have all of the words that are searched, the
 * latest first, each a link to its place in its conversation; and what could not be searched.
 */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { termsOf } from '../store/fold.ts';
import type { MessageSearch, SearchAnswer, SearchHit } from '../store/search.ts';
import type { Chat } from '../sync/chat.ts';
import { fillParts, plural, words } from '../words/words.ts';
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
  @property() searched = '';
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
      time {
        align-self: start;
        padding-block-start: var(--space-2);
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
    if (changed.has('searched')) void this.#find();
  }

  override render() {
    if (this.isBroken) {
      return html`<p class="note" role="alert">${words.messenger.unreadable}</p>`;
    }
    const { answer } = this;
    if (!answer) return nothing;
    const terms = termsOf(this.searched);
    return html`
      ${
        answer.hits.length === 0
          ? html`<p class="note">
              ${fillParts(words.search.nothing, { words: html`<bdi>${this.searched}</bdi>` })}
            </p>`
          : html`<h2>${words.search.messages}</h2>
              <ul role="list">
                ${repeat(
                  answer.hits,
                  ({ message: { fromId, id } }) => `${fromId} ${id}`,
                  (hit) => this.#row(hit, terms),
                )}
              </ul>`
      }
      ${answer.isMore ? html`<p class="note">${plural(words.search.latest, atMost)}</p>` : nothing}
      ${
        answer.incomplete > 0
          ? html`<p class="note">${plural(words.search.incomplete, answer.incomplete)}</p>`
          : nothing
      }
    `;
  }

  #row({ nick, message }: SearchHit, terms: readonly string[]) {
    const { fromId, id, seq, text, acceptedAt, composedAt } = message;
    const at = acceptedAt ?? composedAt;
    const hit = html`<bdi>${markedText(snippet(text, terms, shownChars), terms)}</bdi>`;
    return html`<li>
      <a href=${`/c/${encodeURIComponent(nick)}`} @click=${() => this.#open({ fromId, id, seq, terms })}>
        <ot-avatar nick=${nick}></ot-avatar>
        <span class="middle">
          <span class="nick"><bdi>${nick}</bdi></span>
          <span class="preview"
            >${fromId === this.chat.me.id ? fillParts(words.people.you, { text: hit }) : hit}</span
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
    const { searched } = this;
    this.#turn += 1;
    const turn = this.#turn;
    if (searched === '') return;
    // What is shown of the same answer stays.
    const shown = searched === this.#answered ? this.answer!.hits.length : 0;
    try {
      for (const rows of rowsInTurn.filter((most) => most >= shown)) {
        const answer = await this.search.find(searched, rows);
        // Typed on meanwhile: then the next answer is on its way.
        if (turn !== this.#turn || !this.isConnected) return;
        this.answer = answer;
        this.#answered = searched;
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
