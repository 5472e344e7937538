/**
 * <ot-people-list chat network selected>: conversations, the latest first, then the people there are. Searches on the
 * device, so also offline. Rows are links; the messenger listens to where they lead. Dispatches `open-settings`.
 */
import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Person } from '../../server/protocol/requests.ts';
import { listConversations, type ConversationEntry } from '../store/conversations.ts';
import { listPeople } from '../store/people.ts';
import { MessageSearch } from '../store/search.ts';
import { readCursor } from '../store/timeline.ts';
import type { Chat } from '../sync/chat.ts';
import { fillParts, pluralParts, words } from '../words/words.ts';
import './avatar.ts';
import { ChatMoments } from './chat-moments.ts';
import type { ConnectionShown } from './connection-shown.ts';
import { countText } from './count-text.ts';
import { shortDayOrTime } from './day-and-time.ts';
import { icon, stateIcon } from './icons.ts';
import './install-card.ts';
import './left-behind.ts';
import { LiveQuery } from './live-query.ts';
import { peopleListStyles } from './people-list-styles.ts';
import './plain-http-note.ts';
import { RowsShown } from './rows-shown.ts';
import { rowStyles } from './row-styles.ts';
import './search-results.ts';
import { sharedStyles } from './shared-styles.ts';

/** More of a text than fits in a line is not worth laying out. */
const previewChars = 120;
/** What fills the screen of a phone, and some more. */
const rowsAtOnce = 15;
const skeletonRows = Array.from({ length: 6 }, () => html`<div></div>`);

/** What is shown, all of one moment. */
interface Lists {
  /** What it was searched for. */
  search: string;
  /** So many rows are shown. */
  atMost: number;
  talked: ConversationEntry[];
  others: Person[];
  online: ReadonlySet<string>;
  isLoaded: boolean;
}

@customElement('ot-people-list')
export class PeopleList extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  /** Nick of the open conversation. */
  @property() selected = '';
  /** What is told of the connection now. */
  @property({ attribute: false }) network: ConnectionShown['what'] = 'nothing';
  @state() private search = '';
  readonly #rowsShown = new RowsShown(this, rowsAtOnce, () => void this.#lists.refresh());
  readonly #lists = new LiveQuery(
    this,
    () => ['people', 'conversations', 'drafts', 'outbox'],
    () => this.#read(),
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

  async #read(): Promise<Lists> {
    const { db } = this.chat;
    const { search } = this;
    const wanted = search.normalize('NFKC').toLowerCase();
    const fits = (nick: string) => nick.toLowerCase().includes(wanted);
    const { atMost } = this.#rowsShown;
    const [talked, people, cursor] = await Promise.all([
      listConversations(db, { atMost, fits }),
      listPeople(db),
      readCursor(db),
    ]);
    const talkedTo = new Set(talked.map(({ peerId }) => peerId));
    const others = people.filter(({ id, nick }) => fits(nick) && !talkedTo.has(id));
    const online = new Set(people.filter((person) => person.online).map(({ id }) => id));
    return { search, atMost, talked, others, online, isLoaded: cursor !== undefined };
  }

  #rows(isLive: boolean) {
    const { talked, others, online, atMost } = this.#lists.value!;
    if (talked.length === 0 && others.length === 0) return this.#nobody();
    const isOnline = (id: string) => isLive && online.has(id);
    let left = atMost;
    const first = <T>(all: T[]) => {
      const some = all.slice(0, left);
      left -= some.length;
      return some;
    };
    return html`
      <ul role="list">
        ${repeat(
          first(talked),
          ({ peerId }) => peerId,
          (entry) => this.#conversation(entry, isOnline(entry.peerId)),
        )}
      </ul>
      ${this.#people(words.people.online, first(others.filter(({ id }) => isOnline(id))), true)}
      ${this.#people(words.people.others, first(others.filter(({ id }) => !isOnline(id))), false)}
      ${talked.length + others.length > atMost ? html`<div ${ref(this.#rowsShown.end)}></div>` : nothing}
    `;
  }

  #nobody() {
    const { search } = this.#lists.value!;
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

  #row(nick: string, online: boolean, middle: unknown, end: unknown, isUnread = false) {
    return html`<li>
      <a
        href=${`/c/${encodeURIComponent(nick)}`}
        data-nick=${nick}
        class=${isUnread ? 'unread' : ''}
        aria-current=${nick === this.selected ? 'page' : nothing}
      >
        <ot-avatar nick=${nick} ?online=${online}></ot-avatar>
        <span class="middle">${middle}</span>
        ${end}
      </a>
    </li>`;
  }

  #people(title: string, people: Person[], online: boolean) {
    if (people.length === 0) return nothing;
    return html`<h2>${title}</h2>
      <ul role="list">
        ${repeat(
          people,
          ({ id }) => id,
          ({ nick }) => this.#row(nick, online, html`<span class="nick"><bdi>${nick}</bdi></span>`, nothing),
        )}
      </ul>`;
  }

  #conversation(entry: ConversationEntry, online: boolean) {
    const { nick, peerId, last, unread, lastAt } = entry;
    const name = html`<bdi>${nick}</bdi>`;
    const isNotes = peerId === this.chat.me.id;
    const middle = html`<span class="nick"
        >${isNotes ? fillParts(words.people.notes, { nick: name }) : name}</span
      >
      <span class="preview">${this.#preview(entry)}</span>`;
    const end = html`<span class="end">
        ${last ? html`<time datetime=${lastAt}>${shortDayOrTime(lastAt)}</time>` : nothing}
        ${unread > 0 ? html`<span class="badge">${unreadParts(unread)}</span>` : nothing}
      </span>
      ${online ? html`<span class="visually-hidden">${words.conversation.online}</span>` : nothing}`;
    return this.#row(nick, online, middle, end, unread > 0);
  }

  #preview({ peerId, draft, last, lastState }: ConversationEntry) {
    if (this.chat.typing.has(peerId)) return html`<span class="accent">${words.conversation.typing}</span>`;
    if (draft !== '')
      return html`<span class="accent">${words.people.draft}</span>
        <bdi>${draft.slice(0, previewChars)}</bdi>`;
    if (!last) return nothing;
    if (last.erased !== undefined) return words.message.erased;
    const text = html`<bdi>${last.text.slice(0, previewChars)}</bdi>`;
    return lastState ? html`${stateIcon(lastState)} ${fillParts(words.people.you, { text })}` : text;
  }

  #invite(): void {
    navigator.share({ title: 'OpenTalk', url: location.origin }).catch((error: unknown) => {
      // Whoever closes the sheet of the system has changed their mind; that is no error.
      if (!(error instanceof DOMException && error.name === 'AbortError')) console.error(error);
    });
  }

  #onSearch(event: InputEvent): void {
    this.search = (event.target as HTMLInputElement).value.trim();
    void this.#lists.refresh();
  }

  #reload(): void {
    this.dispatchEvent(new CustomEvent('reload', { bubbles: true, composed: true }));
  }

  #openSettings(): void {
    this.dispatchEvent(new CustomEvent('open-settings', { bubbles: true, composed: true }));
  }
}

/** The number is seen; what it counts is only said. */
function unreadParts(unread: number) {
  const n = html`<span>${countText(unread)}</span>`;
  return pluralParts(words.people.unread, unread, { n }).map((part) =>
    part === n ? n : html`<span class="visually-hidden">${part}</span>`,
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-people-list': PeopleList;
  }
}
