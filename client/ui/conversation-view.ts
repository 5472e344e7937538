/** <ot-conversation chat peer network>: one conversation; its header, thread and composer. Dispatches `go-back`, `open-about`. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Peer } from '../store/outbox.ts';
import { readPeer } from '../store/peers.ts';
import { readPerson } from '../store/people.ts';
import type { Chat } from '../sync/chat.ts';
import { words } from '../words/words.ts';
import './avatar.ts';
import { ChatMoments } from './chat-moments.ts';
import type { ConnectionShown } from './connection-shown.ts';
import { lastSeenText } from './day-and-time.ts';
import { icon } from './icons.ts';
import { LiveQuery } from './live-query.ts';
import './message-composer.ts';
import './message-thread.ts';
import type { MessageThread, Wanted } from './message-thread.ts';
import './peer-bar.ts';
import { sharedStyles } from './shared-styles.ts';

@customElement('ot-conversation')
export class ConversationView extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @property({ attribute: false }) peer!: Peer;
  /** A message that is looked for. */
  @property({ attribute: false }) wanted: Wanted | undefined;
  /** What is told of the connection now. */
  @property({ attribute: false }) network: ConnectionShown['what'] = 'nothing';
  @query('ot-thread') private readonly thread!: MessageThread;
  readonly #person = new LiveQuery(
    this,
    () => ['people'],
    () => readPerson(this.chat.db, this.peer.id),
  );

  readonly #decided = new LiveQuery(
    this,
    () => ['peers'],
    () => readPeer(this.chat.db, this.peer.id),
  );

  constructor() {
    super();
    new ChatMoments(this);
  }

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        min-block-size: 0;
        background: var(--bg);
      }
      .body {
        grid-row: 3;
        display: grid;
        grid-template: minmax(0, 1fr) auto auto / minmax(0, 1fr);
        min-block-size: 0;
      }
      header {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-block-size: 56px;
        padding: env(safe-area-inset-top) var(--space-1) 0 var(--space-1);
        background: var(--bg);
        border-block-end: 1px solid var(--line);
        --avatar-size: 36px;
      }
      .who {
        min-inline-size: 0;
        flex: 1;
      }
      h1 {
        margin: 0;
        font-size: var(--type-title);
        display: flex;
        line-height: 1.2;
        white-space: nowrap;
      }
      /* A nick in another direction than the page's begins where the page's do, and loses its own end. */
      h1 bdi {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      /* In large letters it takes two lines rather than to lose its end. */
      .subtitle {
        margin: 0;
        font-size: var(--type-meta);
        color: var(--text-2);
        min-block-size: 1.35em;
      }
      @media (min-width: 720px) {
        .back {
          display: none;
        }
        header {
          padding-inline-start: var(--space-4);
        }
      }
    `,
  ];

  override render() {
    const { nick } = this.peer;
    return html`
      <header>
        <button class="icon-button back" aria-label=${words.actions.back} @click=${this.#back}>
          ${icon('back')}
        </button>
        <ot-avatar nick=${nick}></ot-avatar>
        <div class="who">
          <h1 tabindex="-1"><bdi>${nick}</bdi></h1>
          <p class="subtitle">${this.#subtitle()}</p>
        </div>
        <button class="icon-button" aria-label=${words.conversation.about} @click=${this.#about}>
          ${icon('info')}
        </button>
      </header>
      <div class="body" @sent=${() => this.thread.follow()}>
        <ot-thread .chat=${this.chat} .peer=${this.peer} .wanted=${this.wanted}></ot-thread>
        <ot-peer-bar
          .chat=${this.chat}
          .peer=${this.peer}
          .row=${this.#decided.value}
          @decided=${this.focusTitle}
        ></ot-peer-bar>
        ${
          // Nothing could be sent; what was drafted is kept.
          this.#decided.value?.blocked
            ? nothing
            : html`<ot-composer .chat=${this.chat} .peer=${this.peer}></ot-composer>`
        }
      </div>
    `;
  }

  override firstUpdated(): void {
    this.focusTitle();
  }

  focusTitle(): void {
    this.renderRoot.querySelector('h1')!.focus();
  }

  #subtitle() {
    if (this.peer.id === this.chat.me.id) return words.conversation.notes;
    switch (this.network) {
      case 'connecting':
        return words.connection.connecting;
      case 'offline':
      case 'signed-out':
        return words.conversation.waitingForNetwork;
      default: {
        if (this.chat.typing.has(this.peer.id)) return words.conversation.typing;
        const person = this.#person.value;
        // Who is online is news of the moment: without a connection nobody knows.
        if (person?.online && this.chat.connection.name === 'live') return words.conversation.online;
        return person?.lastSeen ? lastSeenText(person.lastSeen) : nothing;
      }
    }
  }

  #about(): void {
    this.dispatchEvent(new CustomEvent('open-about', { detail: this.peer, bubbles: true, composed: true }));
  }

  #back(): void {
    this.dispatchEvent(new CustomEvent('go-back', { bubbles: true, composed: true }));
  }
}
