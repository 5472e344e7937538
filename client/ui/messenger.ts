/**
 * <ot-messenger chat>: which screen is shown, by the address: `/` the list, `/c/<nick>` a conversation; both side by
 * side where there is room. Android's Back is the browser's.
 */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { Peer } from '../store/outbox.ts';
import { findPeer } from '../store/people.ts';
import { readQueue } from '../store/queue.ts';
import { readCursor } from '../store/timeline.ts';
import { currentTrouble, onTrouble, type Trouble } from '../store/trouble.ts';
import type { Chat } from '../sync/chat.ts';
import { fill, fillParts, words } from '../words/words.ts';
import { ChatMoments } from './chat-moments.ts';
import { nextShown, nothingShown, type ConnectionShown } from './connection-shown.ts';
import './connection-status.ts';
import './conversation-view.ts';
import type { ConversationView } from './conversation-view.ts';
import { prepareTimes } from './day-and-time.ts';
import { LiveQuery } from './live-query.ts';
import { messengerStyles } from './messenger-styles.ts';
import type { MessageName } from './message-bubble.ts';
import type { Wanted } from './message-thread.ts';
import { drawSheet, type OpenSheet } from './open-sheet.ts';
import './people-list.ts';
import { ShortcutKeys, type Shortcut } from './shortcuts.ts';
import { sharedStyles } from './shared-styles.ts';
import type { Sheet } from './sheet.ts';
import './storage-notice.ts';

/** With these nothing comes in, whatever the network does. */
const stopping = new Set<Trouble>(['updated', 'too-new', 'blocked', 'full', 'broken']);

const listAfterMs = 1_000;

@customElement('ot-messenger')
export class Messenger extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @state() private nick = nickOfAddress();
  /** A message that was searched for, in the conversation that is open. */
  @state() private wanted: Wanted | undefined;
  /** What lies over the screen. */
  @state() private sheet: OpenSheet | undefined;
  readonly #peer = new LiveQuery(
    this,
    () => ['people', 'conversations'],
    async () => {
      const { nick } = this;
      const [found, cursor] = await Promise.all([
        findPeer(this.chat.db, nick, this.chat.me),
        readCursor(this.chat.db),
      ]);
      return { nick, found, isLoaded: cursor !== undefined };
    },
  );
  readonly #queue = new LiveQuery(
    this,
    () => ['outbox'],
    () => readQueue(this.chat.db),
  );
  /** Opened in a conversation on a phone, nobody sees the list: it is made once that is on the screen. */
  @state() private hasList = this.nick === '' || matchMedia('(min-width: 720px)').matches;
  /** A hit that was chosen; the link that it is comes right after it. */
  #found: Wanted | undefined;
  #shown = nothingShown;
  #lookAgain: ReturnType<typeof setTimeout> | undefined;
  /** Which way the screen changed last: only a change is shown moving. */
  @state() private moved: '' | 'pushed' | 'popped' = '';
  readonly #onAddress = () => this.#cameBack();

  #stopTrouble: (() => void) | undefined;

  constructor() {
    super();
    new ChatMoments(this);
    new ShortcutKeys(this, (shortcut) => this.#onShortcut(shortcut));
  }

  static override styles = [sharedStyles, messengerStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('popstate', this.#onAddress);
    this.#stopTrouble = onTrouble(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('popstate', this.#onAddress);
    clearTimeout(this.#lookAgain);
    this.#stopTrouble?.();
  }

  override willUpdate(): void {
    const waiting = this.#queue.value?.queued.length ?? 0;
    this.#shown = nextShown(this.#shown, this.chat.connection, waiting, Date.now());
    clearTimeout(this.#lookAgain);
    const { lookAgainMs } = this.#shown;
    if (lookAgainMs !== undefined) this.#lookAgain = setTimeout(() => this.requestUpdate(), lookAgainMs);
  }

  override render() {
    const trouble = currentTrouble();
    // While nothing can be stored, the network is not what is in the way.
    const shown = trouble && stopping.has(trouble) ? nothingShown : this.#shown;
    return html`
      <main
        class="${this.nick === '' ? '' : 'in-chat'} ${this.moved}"
        @click=${this.#onLink}
        @open-found=${({ detail }: CustomEvent<Wanted>) => (this.#found = detail)}
        @go-back=${this.#back}
        @open-settings=${() => this.#show('settings')}
        @open-queue=${() => this.#show('queue')}
        @open-about=${({ detail }: CustomEvent<Peer>) => this.#show({ about: detail })}
        @open-report=${this.#openReport}
        @open-message=${({ detail }: CustomEvent<MessageName>) => this.#show(detail)}
        @try-now=${() => this.chat.tryNow()}
      >
        ${
          this.hasList || this.nick === ''
            ? html`<ot-people-list
                .chat=${this.chat}
                .network=${shown.what}
                selected=${this.nick}
              ></ot-people-list>`
            : nothing
        }
        <div class="bars">
          <ot-storage-notice .trouble=${trouble}></ot-storage-notice>
          <ot-connection-status .shown=${shown} .queue=${this.#queue.value}></ot-connection-status>
        </div>
        ${this.#isUntitled ? html`<h1 class="visually-hidden"><bdi>${this.nick}</bdi></h1>` : nothing}
        ${this.#conversation(shown.what)}
      </main>
      <div
        class="sheet"
        @close-sheet=${this.#closeSheet}
        @open-queue=${() => this.#show('queue')}
        @open-report=${this.#openReport}
        @open-shortcuts=${() => this.#show('shortcuts')}
        @open-devices=${() => this.#show('devices')}
        @open-delete-account=${() => this.#show('delete-account')}
      >
        ${this.sheet === undefined ? nothing : drawSheet(this.sheet, this.chat)}
      </div>
    `;
  }

  /** Neither a list nor a conversation is shown, which have titles of their own. */
  get #isUntitled(): boolean {
    const { nick, found } = this.#peer.value ?? {};
    return this.nick !== '' && !(nick === this.nick && found);
  }

  #openReport({ detail }: CustomEvent<Peer>): void {
    this.#show({ report: detail });
  }

  #show(sheet: OpenSheet): void {
    this.sheet = sheet;
  }

  async #closeSheet(): Promise<void> {
    this.sheet = undefined;
    await this.updateComplete;
    // What had opened it is gone: then the focus goes to the title of the screen.
    if (document.activeElement !== document.body) return;
    this.renderRoot.querySelector<ConversationView>('ot-conversation')?.focusTitle();
  }

  override firstUpdated(): void {
    prepareTimes();
    if (!this.hasList) setTimeout(() => (this.hasList = true), listAfterMs);
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('nick')) {
      document.title = this.nick === '' ? 'OpenTalk' : fill(words.messenger.title, { nick: this.nick });
    }
  }

  #conversation(network: ConnectionShown['what']) {
    if (this.nick === '') {
      return html`<div class="nobody">
        <img src="/icons/icon.svg" width="96" height="96" alt="" />
        ${words.messenger.pickPerson}
      </div>`;
    }
    const answer = this.#peer.value;
    if (answer?.nick !== this.nick) return html`<p class="nobody"></p>`;
    const { found, isLoaded } = answer;
    // Who there is comes with the first answer of the server.
    if (!found && !isLoaded) return html`<p class="nobody">${words.messenger.loading}</p>`;
    if (!found) {
      return html`<p class="nobody">
        <span>${fillParts(words.messenger.nobodyCalled, { nick: html`<bdi>${this.nick}</bdi>` })}</span>
        <a href="/">${words.messenger.showEverybody}</a>
      </p>`;
    }
    return keyed(
      found.id,
      html`<ot-conversation
        .chat=${this.chat}
        .peer=${found}
        .network=${network}
        .wanted=${this.wanted}
      ></ot-conversation>`,
    );
  }

  /** False where there is nothing to do: what lies over the screen has keys of its own. */
  #onShortcut(shortcut: Shortcut): boolean {
    const list = this.renderRoot.querySelector('ot-people-list');
    if (this.sheet || !list) return false;
    switch (shortcut) {
      case 'help':
        this.#show('shortcuts');
        break;
      case 'search':
        list.focusSearch();
        break;
      case 'back':
        if (this.nick === '') return false;
        this.#back();
        break;
      case 'next':
      case 'previous':
        list.openBeside(this.nick, shortcut === 'next' ? 1 : -1);
    }
    return true;
  }

  /** Links inside the app change the address without a request, unless a new tab is wanted. */
  #onLink(event: MouseEvent): void {
    const link = event.composedPath().find((element) => element instanceof HTMLAnchorElement);
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (link.origin !== location.origin) return;
    event.preventDefault();
    const found = this.#found;
    this.#found = undefined;
    if (link.pathname === location.pathname) {
      if (found) this.wanted = found;
      return;
    }
    if (link.pathname === '/') return this.#back();
    // From chat to chat, Back leads to the list and not through every chat there was.
    if (this.nick === '') history.pushState({ fromList: true }, '', link.href);
    else history.replaceState(history.state, '', link.href);
    this.#go(nickOfAddress(), found, (link as { peer?: Peer }).peer);
  }

  #back(): void {
    if ((history.state as { fromList?: true } | null)?.fromList) return history.back();
    history.replaceState(null, '', '/');
    this.#go('');
  }

  /** Back closes what lies over the screen, and only then leaves it. */
  #cameBack(): void {
    const open = this.renderRoot.querySelector<Sheet>('.sheet > *');
    if (!open) return this.#go(nickOfAddress());
    const entry = this.nick !== '' && location.pathname === '/' ? { fromList: true } : history.state;
    history.pushState(entry, '', this.nick === '' ? '/' : `/c/${encodeURIComponent(this.nick)}`);
    open.close();
  }

  /** To a screen; with `peer` nobody has to be looked for first. */
  #go(nick: string, wanted?: Wanted, peer?: Peer): void {
    const before = this.nick;
    if (nick === '') this.moved = 'popped';
    else this.moved = before === '' ? 'pushed' : '';
    this.nick = nick;
    this.wanted = wanted;
    if (peer) this.#peer.value = { nick, found: peer, isLoaded: true };
    void this.#peer.refresh();
    if (nick === '' && before !== '') void this.#focusRowOf(before);
  }

  async #focusRowOf(nick: string): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector('ot-people-list')?.focusRowOf(nick);
  }
}

function nickOfAddress(): string {
  const [, encoded] = /^\/c\/([^/]+)\/?$/.exec(location.pathname) ?? [];
  if (encoded === undefined) return '';
  try {
    // No nick has marks of direction. Here they would turn the words around it, even out of an element of its own.
    return decodeURIComponent(encoded).replaceAll(/\p{Bidi_Control}/gu, '');
  } catch {
    return encoded; // a mistyped address: then nobody is called that
  }
}
