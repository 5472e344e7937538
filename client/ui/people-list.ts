/**
 * <ot-people-list chat network selected>: conversations, the latest first, then strangers who wrote, then the people there
 * are. Searches on the device, so also offline. Rows are links; the messenger listens to where they lead. Dispatches
 * `open-settings` and `reload`.
 */
import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Person } from '../../server/protocol/requests.ts';
import { addLastMessages } from '../store/conversations.ts';
import { MessageSearch } from '../store/search.ts';
import type { Chat } from '../sync/chat.ts';
import { fillParts, words } from '../words/words.ts';
import './avatar.ts';
import { ChatMoments } from './chat-moments.ts';
import type { ConnectionShown } from './connection-shown.ts';
import { icon } from './icons.ts';
import './install-card.ts';
import './left-behind.ts';
import { LiveQuery } from './live-query.ts';
import { peopleListStyles } from './people-list-styles.ts';
import { found, readLists } from './people-lists.ts';
import { conversationRow, personRow, type RowsOf } from './people-rows.ts';
import './plain-http-note.ts';
import { rowStyles } from './row-styles.ts';
import { RowsShown } from './rows-shown.ts';
import './search-results.ts';
import { sharedStyles } from './shared-styles.ts';

/** What fills the screen of a phone, and some more. */
const firstRows = 15;
const moreRows = 10;
const skeletonRows = Array.from({ length: 6 }, () => html`<div></div>`);

@customElement('ot-people-list')
export class PeopleList extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  /** Nick of the open conversation. */
  @property() selected = '';
  /** What is told of the connection now. */
  @property({ attribute: false }) network: ConnectionShown['what'] = 'nothing';
  @state() private search = '';
  readonly #rowsShown = new RowsShown(this, firstRows, moreRows, () => void this.#readShown());
  readonly #lists = new LiveQuery(
    this,
    () => ['people', 'peers', 'conversations', 'drafts', 'outbox'],
    () => readLists(this.chat.db, this.chat.me, this.search, this.#rowsShown.atMost),
  );

  #messages: MessageSearch | undefined;

  constructor() {
    super();
    new ChatMoments(this);
  }

  static override styles = [sharedStyles, rowStyles, peopleListStyles];

  override render() {
    const isLive = this.chat.connection.name === 'live' || this.chat.connection.name === 'catching-up';
    return html`
      <header>
        <ot-avatar nick=${this.chat.me.nick}></ot-avatar>
        <div class="title">
          <h1 tabindex="-1">OpenTalk</h1>
          ${this.network === 'connecting' ? html`<p>${words.connection.connecting}</p>` : nothing}
        </div>
        <button class="icon-button" aria-label=${words.settings.heading} @click=${this.#openSettings}>
          ${icon('more')}
        </button>
      </header>
      <div class="body">
        <div class="search">
          ${icon('search')}
          <input
            type="search"
            aria-label=${words.people.search}
            placeholder=${words.people.search}
            dir="auto"
            @focus=${this.#prepareSearch}
            @input=${this.#onSearch}
          />
        </div>
        <div class="list">
          <ot-left-behind .chat=${this.chat}></ot-left-behind
          ><ot-plain-http-note></ot-plain-http-note
          >${this.#lists.value ? this.#rows(isLive) : this.#skeleton()}${this.#complaint()}
          ${
            this.search === ''
              ? nothing
              : html`<ot-search-results
                  .chat=${this.chat}
                  .search=${this.#searchInMessages()}
                  searched=${this.search}
                ></ot-search-results>`
          }
        </div>
        <ot-install-card .db=${this.chat.db}></ot-install-card>
      </div>
    `;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#messages?.stop();
    this.#messages = undefined;
  }

  #searchInMessages(): MessageSearch {
    this.#messages ??= new MessageSearch(this.chat.db);
    return this.#messages;
  }

  /** Whoever is about to type gives the time to read what is searched. */
  #prepareSearch(): void {
    this.#searchInMessages()
      .prepare()
      // Then the search fails too, and says so.
      .catch((error: unknown) => console.error(error));
  }

  /** Back from a conversation, to where one was. */
  focusRowOf(nick: string): void {
    const row = this.renderRoot.querySelector<HTMLElement>(`a[data-nick="${CSS.escape(nick)}"]`);
    (row ?? this.renderRoot.querySelector('h1'))?.focus();
  }

  focusSearch(): void {
    this.renderRoot.querySelector('input')!.focus();
  }

  /** The conversation after, or before, that of `nick`; the first if it is none of the list. */
  openBeside(nick: string, step: 1 | -1): void {
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>('a[data-nick]')];
    const at = rows.findIndex((row) => row.dataset['nick'] === nick);
    const row = rows[at === -1 ? 0 : at + step];
    row?.scrollIntoView({ block: 'nearest' });
    row?.click();
  }

  /** Not yet read from the device; seen only where that takes a moment. */
  #skeleton() {
    if (this.#lists.error !== undefined) return nothing;
    return html`<div class="skeleton" aria-hidden="true">${skeletonRows}</div>`;
  }

  #complaint() {
    if (this.#lists.error === undefined) return nothing;
    return html`<div class="empty">
      <p role="alert">${words.messenger.unreadable}</p>
      <button class="text-button" @click=${this.#reload}>${words.actions.reload}</button>
    </div>`;
  }

  /** Other rows come into sight, and nothing has changed: only what they say is not read yet. */
  async #readShown(): Promise<void> {
    this.requestUpdate();
    const lists = this.#lists.value;
    if (!lists) return;
    const { talked, requests } = found(lists, this.search);
    const shown = [...talked, ...requests].slice(0, this.#rowsShown.atMost);
    try {
      await addLastMessages(
        this.chat.db,
        shown.filter(({ last }) => !last),
      );
      this.requestUpdate();
      // What was read anew meanwhile may have been read for fewer.
      if (lists !== this.#lists.value) await this.#lists.refresh();
    } catch (error) {
      console.error(error);
    }
  }

  #rows(isLive: boolean) {
    const lists = found(this.#lists.value!, this.search);
    const { talked, requests, others, online } = lists;
    const { atMost, end } = this.#rowsShown;
    const all = talked.length + requests.length + others.length;
    if (all === 0) return this.#nobody();
    const rows: RowsOf = { chat: this.chat, lists, selected: this.selected };
    const isOnline = (id: string) => isLive && online.has(id);
    let left = atMost;
    const first = <T>(some: T[]) => {
      const shown = some.slice(0, left);
      left -= shown.length;
      return shown;
    };
    return html`
      <ul role="list">
        ${repeat(
          first(talked),
          ({ peerId }) => peerId,
          (entry) => conversationRow(rows, entry, isOnline(entry.peerId)),
        )}
      </ul>
      ${this.#section(
        words.peace.requests,
        first(requests),
        ({ peerId }) => peerId,
        (entry) => conversationRow(rows, entry, isOnline(entry.peerId)),
      )}
      ${this.#people(words.people.online, first(others.filter(({ id }) => isOnline(id))), rows, true)}
      ${this.#people(words.people.others, first(others.filter(({ id }) => !isOnline(id))), rows, false)}
      ${all > atMost ? html`<div ${ref(end)}></div>` : nothing}
    `;
  }

  #people(title: string, people: Person[], rows: RowsOf, online: boolean) {
    return this.#section(
      title,
      people,
      ({ id }) => id,
      (person) => personRow(rows, person, online),
    );
  }

  #section<T>(title: string, all: T[], idOf: (one: T) => string, draw: (one: T) => unknown) {
    if (all.length === 0) return nothing;
    return html`<h2>${title}</h2>
      <ul role="list">
        ${repeat(all, idOf, draw)}
      </ul>`;
  }

  #nobody() {
    const { search } = this;
    if (search !== '') {
      const nick = html`<bdi>${search}</bdi>`;
      return html`<p class="note">${fillParts(words.people.noOneCalled, { nick })}</p>`;
    }
    // Before the first answer of the server nobody knows.
    if (!this.#lists.value!.isLoaded) return html`<p class="empty">${words.messenger.loading}</p>`;
    return html`<div class="empty">
      <svg class="picture" viewBox="0 0 96 64" aria-hidden="true">
        <path d="M10 8h40a6 6 0 0 1 6 6v18a6 6 0 0 1-6 6H26L14 48V38h-4a6 6 0 0 1-6-6V14a6 6 0 0 1 6-6z" />
        <path d="M64 24h22a6 6 0 0 1 6 6v16a6 6 0 0 1-6 6h-4v8l-10-8H56a6 6 0 0 1-6-6" />
      </svg>
      <p>${words.people.nobodyYet}</p>
      ${
        'share' in navigator
          ? html`<button class="text-button" @click=${this.#invite}>${words.people.invite}</button>`
          : html`<p>${words.people.shareAddress}</p>`
      }
      <p class="address">${location.origin}</p>
    </div>`;
  }

  #invite(): void {
    navigator.share({ title: 'OpenTalk', url: location.origin }).catch((error: unknown) => {
      // Whoever closes the sheet of the system has changed their mind; that is no error.
      if (!(error instanceof DOMException && error.name === 'AbortError')) console.error(error);
    });
  }

  #onSearch(event: InputEvent): void {
    this.search = (event.target as HTMLInputElement).value.trim();
    void this.#readShown();
  }

  #reload(): void {
    this.dispatchEvent(new CustomEvent('reload', { bubbles: true, composed: true }));
  }

  #openSettings(): void {
    this.dispatchEvent(new CustomEvent('open-settings', { bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-people-list': PeopleList;
  }
}
