/**
 * <ot-messenger chat>: which screen is shown, by the address: `/` the list, `/c/<nick>` a conversation; both side by
 * side where there is room. Android's Back is the browser's.
 */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { findPeer } from '../store/people.ts';
import type { Chat } from '../sync/chat.ts';
import './connection-status.ts';
import './conversation-view.ts';
import { LiveQuery } from './live-query.ts';
import './people-list.ts';
import './settings-sheet.ts';
import { sharedStyles } from './shared-styles.ts';

@customElement('ot-messenger')
export class Messenger extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @state() private nick = nickOfAddress();
  @state() private hasSettings = false;
  readonly #peer = new LiveQuery(
    this,
    () => ['people', 'conversations'],
    async () => ({ nick: this.nick, found: await findPeer(this.chat.db, this.nick) }),
  );
  readonly #onAddress = () => this.#go(nickOfAddress());

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        block-size: 100%;
        background: var(--bg);
      }
      main {
        display: grid;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
        min-block-size: 0;
      }
      .nobody {
        display: none;
        place-items: center;
        margin: 0;
        color: var(--text-2);
        background: var(--bg-chat);
      }
      .in-chat .nobody {
        display: grid;
      }
      .in-chat ot-people-list {
        display: none;
      }
      @media (min-width: 720px) {
        main {
          grid-template-columns: 320px minmax(0, 1fr);
        }
        .in-chat ot-people-list {
          display: grid;
        }
        ot-people-list {
          border-inline-end: 1px solid var(--line);
        }
        .nobody {
          display: grid;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('popstate', this.#onAddress);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('popstate', this.#onAddress);
  }

  override render() {
    return html`
      <ot-connection-status .chat=${this.chat}></ot-connection-status>
      <main
        class=${this.nick === '' ? '' : 'in-chat'}
        @click=${this.#onLink}
        @go-back=${this.#back}
        @open-settings=${() => (this.hasSettings = true)}
      >
        <ot-people-list .chat=${this.chat} selected=${this.nick}></ot-people-list>
        ${this.#conversation()}
      </main>
      ${
        this.hasSettings
          ? html`<ot-settings
              .chat=${this.chat}
              @close-settings=${() => (this.hasSettings = false)}
            ></ot-settings>`
          : nothing
      }
    `;
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('nick')) document.title = this.nick === '' ? 'OpenTalk' : `${this.nick} – OpenTalk`;
  }

  #conversation() {
    if (this.nick === '') return html`<p class="nobody">Pick a person to chat with.</p>`;
    const answer = this.#peer.value;
    if (answer?.nick !== this.nick) return html`<p class="nobody"></p>`;
    const { found } = answer;
    if (!found) {
      return html`<p class="nobody">
        <span>Nobody here is called '${this.nick}'. <a href="/">Show everybody</a></span>
      </p>`;
    }
    return keyed(found.id, html`<ot-conversation .chat=${this.chat} .peer=${found}></ot-conversation>`);
  }

  /** Links inside the app change the address without a request, unless a new tab is wanted. */
  #onLink(event: MouseEvent): void {
    const link = event.composedPath().find((element) => element instanceof HTMLAnchorElement);
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (link.origin !== location.origin) return;
    event.preventDefault();
    if (link.pathname === location.pathname) return;
    // From chat to chat, Back leads to the list and not through every chat there was.
    if (this.nick === '') history.pushState({ fromList: true }, '', link.href);
    else history.replaceState(history.state, '', link.href);
    this.#go(nickOfAddress());
  }

  #back(): void {
    if ((history.state as { fromList?: true } | null)?.fromList) return history.back();
    history.replaceState(null, '', '/');
    this.#go('');
  }

  #go(nick: string): void {
    const before = this.nick;
    this.nick = nick;
    void this.#peer.refresh();
    if (nick === '' && before !== '') void this.#focusRow();
  }

  async #focusRow(): Promise<void> {
    await this.updateComplete;
    const list = this.renderRoot.querySelector('ot-people-list');
    list?.renderRoot.querySelector<HTMLElement>('h1')?.focus();
  }
}

function nickOfAddress(): string {
  const [, encoded] = /^\/c\/([^/]+)\/?$/.exec(location.pathname) ?? [];
  if (encoded === undefined) return '';
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded; // a mistyped address: then nobody is called that
  }
}
