/**
 * <ot-thread chat peer>: the messages with one person, from the device. Sticks to the newest while one is there, loads
 * what is older on scrolling up, and tells what was seen.
 */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { readConversation } from '../store/conversations.ts';
import type { Peer } from '../store/outbox.ts';
import { readThread, type ThreadMessage } from '../store/thread.ts';
import type { Chat } from '../sync/chat.ts';
import { dayOf } from './day-and-time.ts';
import { icon } from './icons.ts';
import { LiveQuery } from './live-query.ts';
import './message-bubble.ts';
import { messageThreadStyles } from './message-thread-styles.ts';
import { sharedStyles } from './shared-styles.ts';

const pageSize = 50;
/** Nearer to the end than this, new messages are scrolled to. */
const stickPx = 120;
const groupMs = 5 * 60_000;

@customElement('ot-thread')
export class MessageThread extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @property({ attribute: false }) peer!: Peer;
  @state() private isAway = false;
  @query('.scroller') private readonly scroller!: HTMLElement;
  #limit = pageSize;
  #isLoading = false;
  /** Where "new" began when the thread was opened: it stays while one reads. */
  #newFrom: number | undefined;
  #seen = 0;
  #heightBefore = 0;
  #firstBefore: string | undefined;
  readonly #thread = new LiveQuery(
    this,
    () => [`thread:${this.peer.id}`],
    async () => {
      const [thread, conversation] = await Promise.all([
        readThread(this.chat.db, this.peer.id, this.#limit),
        readConversation(this.chat.db, this.peer.id),
      ]);
      const readTo = Math.max(conversation?.readHere ?? 0, conversation?.mine.read ?? 0);
      this.#newFrom ??= (conversation?.unread ?? 0) > 0 ? readTo + 1 : 0;
      return { ...thread, lastSeq: conversation?.lastSeq ?? 0, unread: conversation?.unread ?? 0 };
    },
  );
  readonly #onVisible = () => this.#markSeen();

  static override styles = [sharedStyles, messageThreadStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#onVisible);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#onVisible);
  }

  override render() {
    const thread = this.#thread.value;
    return html`
      <div class="scroller" tabindex="0" @scroll=${this.#onScroll}>
        <div
          role="log"
          aria-live="polite"
          aria-relevant="additions"
          aria-label="Messages with ${this.peer.nick}"
        >
          ${
            thread?.messages.length === 0
              ? html`<p class="empty">
                  Say hi to <bdi>${this.peer.nick}</bdi> 👋<br />Messages are kept on this device and are sent
                  when you're online.
                </p>`
              : nothing
          }
          ${
            thread?.older === 'on-server' && thread.messages.length > 0
              ? html`<p class="older">
                  <button class="text-button" @click=${this.#loadOlder}>Earlier messages</button>
                </p>`
              : nothing
          }
          ${repeat(
            thread?.messages ?? [],
            ({ fromId, id }) => `${fromId} ${id}`,
            (message, index) => this.#message(message, thread!.messages[index - 1]),
          )}
        </div>
      </div>
      ${
        this.isAway
          ? html`<button class="jump" aria-label="Jump to latest" @click=${this.#jump}>
              ${icon('down')}${(thread?.unread ?? 0) > 0 ? html`<span class="count">${thread!.unread}</span>` : nothing}
            </button>`
          : nothing
      }
    `;
  }

  #message(message: ThreadMessage, before: ThreadMessage | undefined) {
    const at = shownAt(message);
    const isNewDay = !before || new Date(shownAt(before)).toDateString() !== new Date(at).toDateString();
    const isFirst =
      isNewDay || before.fromId !== message.fromId || Date.parse(at) - Date.parse(shownAt(before)) > groupMs;
    const isFirstNew = message.seq === this.#newFrom && message.fromId !== this.chat.me.id;
    return html`
      ${isNewDay ? html`<p class="day"><span>${dayOf(at)}</span></p>` : nothing}
      ${isFirstNew ? html`<p class="new"><span>New messages</span></p>` : nothing}
      <ot-message
        .message=${message}
        ?own=${message.fromId === this.chat.me.id}
        ?first=${isFirst}
      ></ot-message>
    `;
  }

  override willUpdate(): void {
    if (!this.hasUpdated) return;
    this.#heightBefore = this.scroller.scrollHeight;
  }

  override updated(_changed: PropertyValues): void {
    const messages = this.#thread.value?.messages ?? [];
    const first = messages[0] && `${messages[0].fromId} ${messages[0].id}`;
    const grewAbove = this.#firstBefore !== undefined && first !== this.#firstBefore;
    this.#firstBefore = first;
    // The bubbles render after this element; their heights are known only then.
    void this.#settleScroll(grewAbove);
  }

  async #settleScroll(grewAbove: boolean): Promise<void> {
    const heightBefore = this.#heightBefore;
    const bubbles = [...this.renderRoot.querySelectorAll('ot-message')];
    await Promise.all(bubbles.map((bubble) => bubble.updateComplete));
    const { scroller } = this;
    if (!this.isAway) scroller.scrollTop = scroller.scrollHeight;
    else if (grewAbove) scroller.scrollTop += scroller.scrollHeight - heightBefore;
    this.#markSeen();
  }

  #onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.isAway = scrollHeight - scrollTop - clientHeight > stickPx;
    if (scrollTop < 200 && this.isAway) void this.#loadOlder();
    this.#markSeen();
  }

  async #loadOlder(): Promise<void> {
    const thread = this.#thread.value;
    if (this.#isLoading || !thread || thread.older === 'none') return;
    this.#isLoading = true;
    try {
      const oldest = thread.messages.find(({ seq }) => seq !== undefined)?.seq;
      const before = oldest ?? thread.lastSeq + 1;
      if (thread.older === 'on-server' && !(await this.chat.loadOlder(this.peer, before))) return;
      this.#limit += pageSize;
      await this.#thread.refresh();
    } finally {
      this.#isLoading = false;
    }
  }

  #jump(): void {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #markSeen(): void {
    const thread = this.#thread.value;
    if (!thread || this.isAway || document.visibilityState !== 'visible') return;
    const last = thread.messages.findLast(
      ({ fromId, seq }) => fromId !== this.chat.me.id && seq !== undefined,
    );
    if (!last?.seq || last.seq <= this.#seen) return;
    this.#seen = last.seq;
    this.chat.seen(this.peer.id, last.seq).catch((error: unknown) => console.error(error));
  }
}

/** The server's time if there is one: order and days never depend on a device's clock. */
function shownAt({ acceptedAt, composedAt }: ThreadMessage): string {
  return acceptedAt ?? composedAt;
}
