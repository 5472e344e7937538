/**
 * <ot-conversation-info chat peer>: whether all that was said is here. It compares with the server when it is opened, and
 * says what it found in one sentence; what is missing can be brought here. And what one decides about the other person.
 * Dispatches `open-report`.
 */
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { readConversation } from '../store/conversations.ts';
import type { Peer } from '../store/outbox.ts';
import { readStretch } from '../store/stretch.ts';
import type { Chat } from '../sync/chat.ts';
import { words } from '../words/words.ts';
import { ChatMoments } from './chat-moments.ts';
import { isWhole, stretchText, type StretchShown } from './stretch-text.ts';
import { LiveQuery } from './live-query.ts';
import './peer-actions.ts';
import { Sheet } from './sheet.ts';

@customElement('ot-conversation-info')
export class ConversationInfo extends Sheet {
  @property({ attribute: false }) chat!: Chat;
  @property({ attribute: false }) peer!: Peer;
  @state() private doing: StretchShown['doing'] = 'checking';
  @state() private outcome: StretchShown['outcome'];
  /** The first seq that the server keeps, once it was asked. */
  @state() private firstOnServer: number | undefined;
  readonly #here = new LiveQuery(
    this,
    () => ['conversations', `thread:${this.peer.id}`],
    async () => {
      const [stretch, conversation] = await Promise.all([
        readStretch(this.chat.db, this.peer.id),
        readConversation(this.chat.db, this.peer.id),
      ]);
      const { checked, keptFrom } = conversation ?? {};
      return { stretch, checked, keptFrom };
    },
  );

  #wasOnline = true;

  constructor() {
    super();
    new ChatMoments(this);
  }

  static override styles = [
    ...Sheet.styles,
    css`
      p {
        margin: 0;
        min-block-size: 3em;
      }
    `,
  ];

  override firstUpdated(): void {
    super.firstUpdated();
    this.#check();
  }

  /** Messages that came while this is open, and a network that came back, are a reason to look again. */
  override updated(): void {
    if (this.doing !== undefined) return;
    const isBack = this.#isOnline && !this.#wasOnline;
    this.#wasOnline = this.#isOnline;
    const { stretch, checked } = this.#here.value ?? {};
    const hasNews = this.outcome === 'same' && stretch && checked && checked.upTo < stretch.upTo;
    if (this.#isOnline && (isBack || hasNews)) this.#check();
  }

  get #isOnline(): boolean {
    return this.chat.connection.name === 'live';
  }

  protected heading() {
    return html`<bdi>${this.peer.nick}</bdi>`;
  }

  protected content() {
    const here = this.#here.value;
    const isOnline = this.#isOnline;
    const shown = here && {
      ...here,
      doing: this.doing,
      outcome: this.outcome,
      keptFrom: Math.max(1, this.firstOnServer ?? here.keptFrom ?? 1),
      isOnline,
      now: new Date(),
    };
    return html`
      <p aria-live="polite">${shown ? stretchText(shown) : nothing}</p>
      <ot-peer-actions
        .chat=${this.chat}
        .peer=${this.peer}
        @report=${() => this.leaveFor('open-report', this.peer)}
      ></ot-peer-actions>
      <div class="row">
        ${
          shown && this.doing === undefined && isOnline && !isWhole(shown)
            ? html`<button class="text-button" @click=${this.#bringAll}>${words.about.bringAll}</button>`
            : html`<button
                class="text-button"
                ?disabled=${this.doing !== undefined || !isOnline}
                @click=${this.#check}
              >
                ${words.about.checkAgain}
              </button>`
        }
        <button class="text-button" @click=${() => this.close()}>${words.actions.close}</button>
      </div>
    `;
  }

  #check(): void {
    this.#do('checking', () => this.#compare());
  }

  #bringAll(): void {
    this.#do('loading', async () => {
      if (await this.chat.loadAll(this.peer)) await this.#compare();
      else this.outcome = 'unreachable';
    });
  }

  #do(what: 'checking' | 'loading', work: () => Promise<void>): void {
    this.doing = what;
    work()
      .catch((error: unknown) => {
        console.error(error);
        this.outcome = 'failed';
      })
      .finally(() => (this.doing = undefined));
  }

  async #compare(): Promise<void> {
    const outcome = await this.chat.check(this.peer);
    this.outcome = outcome.kind === 'same' && outcome.isMended ? 'mended' : outcome.kind;
    if (outcome.kind === 'same') this.firstOnServer = outcome.first;
    await this.#here.refresh();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-conversation-info': ConversationInfo;
  }
}
