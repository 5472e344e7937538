/**
 * <ot-search-results chat searched>: messages on this device that have all of the words that are searched, the latest first, each a link to its
 * place in its conversation; and what could not be searched.
 */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { termsOf } from '../store/fold.ts';
import { MessageSearch, type SearchAnswer, type SearchHit } from '../store/search.ts';
import type { Chat } from '../sync/chat.ts';
import { fillParts, plural, words } from '../words/words.ts';
import './avatar.ts';
import { shortDayOrTime } from './day-and-time.ts';
import { markedText, snippet } from './marked-text.ts';
import { rowStyles } from './row-styles.ts';
import { sharedStyles } from './shared-styles.ts';

const atMost = 50;
const shownChars = 120;

@customElement('ot-search-results')
export class SearchResults extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @property() searched = '';
  @state() private answer: SearchAnswer | undefined;
  @state() private isBroken = false;
  #search: MessageSearch | undefined;

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
    this.#search = new MessageSearch(this.chat.db, () => void this.#find());
    void this.#find();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#search?.stop();
    this.#search = undefined;
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
    if (!this.#search || searched === '') return;
    try {
      const answer = await this.#search.find(searched, atMost);
      // Typed on meanwhile: then the next answer is on its way.
      if (searched === this.searched) this.answer = answer;
      this.isBroken = false;
    } catch (error) {
      console.error(error);
      this.isBroken = true;
    }
  }
}
