/**
 * <ot-connection-status chat>: the truth about the network, in words, and only once it matters. Never technical, never
 * in the way. A tap tries now.
 */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { listOutbox } from '../store/outbox.ts';
import type { Chat } from '../sync/chat.ts';
import { ChatMoments } from './chat-moments.ts';
import { icon } from './icons.ts';
import { LiveQuery } from './live-query.ts';
import { sharedStyles } from './shared-styles.ts';

const connectingAfterMs = 1_000;
const offlineAfterMs = 2_500;
const backForMs = 2_000;

@customElement('ot-connection-status')
export class ConnectionStatus extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  readonly #waiting = new LiveQuery(
    this,
    () => ['outbox'],
    async () => (await listOutbox(this.chat.db)).filter(({ status }) => status === 'queued').length,
  );
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The person was told that there is no network; so they are told when it is back. */
  #saidOffline = false;
  #downSince: number | undefined;

  constructor() {
    super();
    new ChatMoments(this);
  }

  static override styles = [
    sharedStyles,
    css`
      :host {
        position: relative;
        z-index: 2;
      }
      button {
        inline-size: 100%;
        min-block-size: 44px;
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 8px;
        padding: 4px 8px;
        border: 0;
        background: var(--warn-bg);
        color: var(--warn-fg);
        font-size: 0.8125rem;
      }
      .back {
        background: var(--accent);
        color: var(--on-accent);
      }
      svg {
        inline-size: 20px;
        block-size: 20px;
        flex: none;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render() {
    const said = this.#say(Date.now());
    return html`<div role="status">
      ${
        said
          ? html`<button class=${said.look} title="Try now" @click=${() => this.chat.tryNow()}>
              ${said.look === 'offline' ? icon('offline') : nothing}<span>${said.text}</span>
            </button>`
          : nothing
      }
    </div>`;
  }

  #say(now: number): { look: 'offline' | 'back'; text: string } | undefined {
    const { name, since } = this.chat.connection;
    const waiting = this.#waiting.value ?? 0;
    clearTimeout(this.#timer);
    switch (name) {
      case 'signed-out':
      case 'other-person':
        return undefined; // the app asks for the nick instead
      case 'connecting':
      case 'offline': {
        this.#downSince ??= since;
        const downMs = now - this.#downSince;
        if (name === 'offline' && downMs >= offlineAfterMs) {
          this.#saidOffline = true;
          return { look: 'offline', text: offlineText(waiting) };
        }
        this.#lookAgain(offlineAfterMs - downMs);
        if (this.#saidOffline) return { look: 'offline', text: offlineText(waiting) };
        if (downMs < connectingAfterMs) return this.#lookAgain(connectingAfterMs - downMs);
        return { look: 'offline', text: 'Connecting…' };
      }
      case 'catching-up':
      case 'live': {
        this.#downSince = undefined;
        const isFresh = now - since < backForMs;
        if (!this.#saidOffline || (!isFresh && waiting === 0)) {
          this.#saidOffline = false;
          return undefined;
        }
        this.#lookAgain(backForMs - (now - since));
        return {
          look: 'back',
          text: waiting > 0 ? `Back online – sending ${waiting}…` : 'Back online – all sent',
        };
      }
    }
  }

  #lookAgain(inMs: number): undefined {
    clearTimeout(this.#timer);
    if (inMs > 0) this.#timer = setTimeout(() => this.requestUpdate(), inMs + 10);
  }
}

function offlineText(waiting: number): string {
  if (waiting === 0) return "Offline – write on, it is sent when you're back";
  const messages = waiting === 1 ? '1 message' : `${waiting} messages`;
  return `Offline – ${messages} will be sent when you're back`;
}
