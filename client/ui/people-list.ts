/**
 * <ot-people-list chat selected>: conversations, the latest first, then the people there are. Searches on the device,
 * so also offline. Rows are links; the app listens to where they lead.
 */
import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Person } from '../../server/protocol/requests.ts';
import { listConversations, type ConversationEntry } from '../store/conversations.ts';
import { listPeople } from '../store/people.ts';
import type { Chat } from '../sync/chat.ts';
import './avatar.ts';
import { ChatMoments } from './chat-moments.ts';
import { shortDayOrTime } from './day-and-time.ts';
import { icon, stateIcon } from './icons.ts';
import { LiveQuery } from './live-query.ts';
import { peopleListStyles } from './people-list-styles.ts';
import { sharedStyles } from './shared-styles.ts';

@customElement('ot-people-list')
export class PeopleList extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  /** Nick of the open conversation. */
  @property() selected = '';
  @state() private search = '';
  readonly #lists = new LiveQuery(
    this,
    () => ['people', 'conversations', 'drafts', 'outbox'],
    async () => {
      const [conversations, people] = await Promise.all([
        listConversations(this.chat.db),
        listPeople(this.chat.db),
      ]);
      return { conversations, people };
    },
  );

  constructor() {
    super();
    new ChatMoments(this);
  }

  static override styles = [sharedStyles, peopleListStyles];

  override render() {
    const isLive = this.chat.connection.name === 'live' || this.chat.connection.name === 'catching-up';
    return html`
      <header>
        <ot-avatar nick=${this.chat.me.nick}></ot-avatar>
        <h1 tabindex="-1">OpenTalk</h1>
        <button class="icon-button" aria-label="Settings" @click=${this.#openSettings}>
          ${icon('more')}
        </button>
      </header>
      <div class="search">
        <input
          type="search"
          aria-label="Search people"
          placeholder="Search people"
          dir="auto"
          @input=${this.#onSearch}
        />
      </div>
      <div class="list">${this.#lists.value ? this.#rows(isLive) : nothing}</div>
    `;
  }

  #rows(isLive: boolean) {
    const { conversations, people } = this.#lists.value!;
    const wanted = this.search.normalize('NFKC').toLowerCase();
    const fits = (nick: string) => nick.toLowerCase().includes(wanted);
    const personOf = new Map(people.map((person) => [person.id, person]));
    const talked = conversations.filter(({ nick, last, draft }) => fits(nick) && (last || draft));
    const talkedTo = new Set(talked.map(({ peerId }) => peerId));
    const others = people
      .filter(({ id, nick }) => fits(nick) && !talkedTo.has(id))
      .toSorted((a, b) => Number(b.online && isLive) - Number(a.online && isLive));
    if (talked.length === 0 && others.length === 0) return this.#nobody();
    return html`
      <ul role="list">
        ${repeat(
          talked,
          ({ peerId }) => peerId,
          (entry) => this.#conversation(entry, isLive && personOf.get(entry.peerId)?.online === true),
        )}
      </ul>
      ${others.length > 0 ? html`<h2>People</h2>` : nothing}
      <ul role="list">
        ${repeat(
          others,
          ({ id }) => id,
          (person) => this.#person(person, isLive && person.online),
        )}
      </ul>
    `;
  }

  #nobody() {
    if (this.search !== '') return html`<p class="empty">No one called '${this.search}'.</p>`;
    return html`<div class="empty">
      <p>No one else is here yet.</p>
      <p>Share this address with a friend:</p>
      <p class="address">${location.origin}</p>
    </div>`;
  }

  #conversation(entry: ConversationEntry, online: boolean) {
    const { nick, peerId, last, unread, lastAt } = entry;
    return html`<li>
      <a href=${`/c/${encodeURIComponent(nick)}`} aria-current=${nick === this.selected ? 'page' : nothing}>
        <ot-avatar nick=${nick} ?online=${online}></ot-avatar>
        <span class="middle">
          <bdi class="nick">${nick}${peerId === this.chat.me.id ? ' (notes)' : ''}</bdi>
          <span class="preview" dir="auto">${this.#preview(entry)}</span>
        </span>
        <span class="end">
          ${last ? html`<time datetime=${lastAt}>${shortDayOrTime(lastAt)}</time>` : nothing}
          ${
            unread > 0
              ? html`<span class="badge"
                  >${unread > 99 ? '99+' : unread}<span class="visually-hidden"> unread</span></span
                >`
              : nothing
          }
        </span>
        ${online ? html`<span class="visually-hidden">online</span>` : nothing}
      </a>
    </li>`;
  }

  #preview({ peerId, draft, last, lastState }: ConversationEntry) {
    if (this.chat.typing.has(peerId)) return html`<span class="accent">typing…</span>`;
    if (draft !== '') return html`<span class="accent">Draft:</span> ${draft}`;
    if (!last) return nothing;
    return lastState ? html`${stateIcon(lastState)} You: ${last.text}` : last.text;
  }

  #person({ nick }: Person, online: boolean) {
    return html`<li>
      <a href=${`/c/${encodeURIComponent(nick)}`} aria-current=${nick === this.selected ? 'page' : nothing}>
        <ot-avatar nick=${nick} ?online=${online}></ot-avatar>
        <span class="middle">
          <bdi class="nick">${nick}</bdi>
          ${online ? html`<span class="preview">online</span>` : nothing}
        </span>
      </a>
    </li>`;
  }

  #onSearch(event: InputEvent): void {
    this.search = (event.target as HTMLInputElement).value.trim();
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
