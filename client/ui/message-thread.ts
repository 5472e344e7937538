/**
 * <ot-thread chat peer>: the messages with one person, from the device, and what was seen of them is told. Which part of
 * it is shown is thread-part.ts, how it comes to another thread-reach.ts, where the reader is kept thread-scroll.ts.
 */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Peer } from '../store/outbox.ts';
import { readThread, type Thread } from '../store/thread.ts';
import type { Chat } from '../sync/chat.ts';
import { fill, fillParts, words } from '../words/words.ts';
import { countText } from './count-text.ts';
import { dayOf } from './day-and-time.ts';
import { icon } from './icons.ts';
import { LiveQuery } from './live-query.ts';
import './message-bubble.ts';
import type { MessageBubble } from './message-bubble.ts';
import { messageThreadStyles } from './message-thread-styles.ts';
import { sharedStyles } from './shared-styles.ts';
import { threadDays, type ThreadEntry } from './thread-days.ts';
import { readToOf, ThreadPart } from './thread-part.ts';
import { ThreadReach } from './thread-reach.ts';
import { ThreadScroll } from './thread-scroll.ts';

/** A message that is looked for, and the words that led to it. */
export interface Wanted {
  fromId: string;
  id: string;
  /** Undefined for one that waits. */
  seq?: number;
  /** Folded, see fold.ts. */
  terms: readonly string[];
}

interface ShownThread extends Thread {
  lastSeq: number;
  unread: number;
  /** See readToOf. */
  readTo: number;
}

@customElement('ot-thread')
export class MessageThread extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @property({ attribute: false }) peer!: Peer;
  /** To be shown, with what is around it, instead of the newest. */
  @property({ attribute: false }) wanted: Wanted | undefined;
  /** What is looked for has been scrolled to. */
  #isFound = false;
  #focused: Element | null = null;
  readonly #part = new ThreadPart();
  readonly #scroll = new ThreadScroll(this, () => this.#onPlaced());
  readonly #thread = new LiveQuery(
    this,
    // A try changes what can be done with what waits.
    () => [`thread:${this.peer.id}`, 'outbox'],
    () => this.#read(),
  );
  readonly #reach = new ThreadReach(this, {
    part: this.#part,
    scroll: this.#scroll,
    thread: () => this.#thread.value,
    show: () => this.#show(),
    fetchBefore: (seq) => this.chat.loadOlder(this.peer, seq),
  });
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

  /** To the newest message, and along with those that come. */
  follow(): void {
    if (this.#part.isNewest) return this.#scroll.follow();
    void this.#backToNewest();
  }

  async #backToNewest(): Promise<void> {
    this.#part.showNewest();
    await this.#show();
    this.#scroll.follow();
  }

  /** Reads and lays out the part that is to be shown now. */
  async #show(): Promise<void> {
    await this.#thread.refresh();
    await this.updateComplete;
    await this.#laidOut();
  }

  /** Every message has its height. */
  async #laidOut(): Promise<void> {
    await Promise.all(this.#bubbles.map((bubble) => bubble.updateComplete));
  }

  get #bubbles(): MessageBubble[] {
    return [...this.renderRoot.querySelectorAll('ot-message')];
  }

  override render() {
    const thread = this.#thread.value;
    const days = threadDays(thread?.messages ?? [], this.chat.me.id, this.#part.newFrom);
    return html`
      <div
        class=${this.#scroll.isPlaced ? 'scroller settled' : 'scroller'}
        tabindex="0"
        @scroll=${this.#onScroll}
      >
        <div
          role="log"
          aria-live="polite"
          aria-relevant="additions"
          aria-busy=${!thread || this.#reach.isLoading}
          aria-label=${fill(words.conversation.messagesWith, { nick: this.peer.nick })}
        >
          ${this.#beginning(thread)}
          ${repeat(
            days,
            ({ at }) => new Date(at).toDateString(),
            ({ at, entries }) =>
              html`<section>
                <p class="day" aria-live="off"><span>${dayOf(at)}</span></p>
                ${repeat(
                  entries,
                  ({ message: { fromId, id } }) => `${fromId} ${id}`,
                  (entry) => this.#message(entry),
                )}
              </section>`,
          )}
        </div>
      </div>
      ${this.#scroll.isAway || thread?.isMoreBelow ? this.#jump(thread?.unread ?? 0) : nothing}
    `;
  }

  #beginning(thread: ShownThread | undefined) {
    if (this.#thread.error !== undefined) {
      return html`<p class="older" role="alert">${words.messenger.unreadable}</p>`;
    }
    if (thread?.older === 'on-server') {
      return html`<p class="older">
        ${this.#reach.isOlderOutOfReach ? words.conversation.earlierLater : nothing}
        <button
          class="text-button"
          ?disabled=${this.#reach.isLoading}
          @click=${() => this.#reach.loadOlder()}
        >
          ${words.conversation.earlier}
        </button>
      </p>`;
    }
    if (thread?.messages.length !== 0) return nothing;
    const { sayHi, empty } = words.conversation;
    return html`<p class="empty" aria-live="off">
      ${fillParts(sayHi, { nick: html`<bdi>${this.peer.nick}</bdi>` })}<br />${empty}
    </p>`;
  }

  /** A thread that is read anew brings the same again, mostly. */
  #message(entry: ThreadEntry) {
    return guard([JSON.stringify(entry), this.#isWanted(entry.message) && this.wanted], () =>
      this.#bubble(entry),
    );
  }

  #bubble({ message, isFirst, isFirstNew }: ThreadEntry) {
    // Read aloud is only what others write while one looks on: not what was there, nor what one wrote.
    const isSpoken = message.fromId !== this.chat.me.id && this.#part.isNews(message.seq);
    return html`
      ${isFirstNew ? html`<p class="new" aria-live="off"><span>${words.conversation.new}</span></p>` : nothing}
      <ot-message
        .chat=${this.chat}
        .message=${message}
        ?own=${message.fromId === this.chat.me.id}
        ?first=${isFirst}
        aria-live=${isSpoken ? nothing : 'off'}
        .terms=${this.#isWanted(message) ? this.wanted!.terms : undefined}
      ></ot-message>
    `;
  }

  #jump(unread: number) {
    return html`<button class="jump" aria-label=${words.conversation.jump} @click=${() => this.follow()}>
      ${icon('down')}${unread > 0 ? html`<span class="count">${countText(unread)}</span>` : nothing}
    </button>`;
  }

  #isWanted({ fromId, id }: { fromId: string; id: string }): boolean {
    return this.wanted?.id === id && this.wanted.fromId === fromId;
  }

  override willUpdate(changed: PropertyValues): void {
    this.#focused = this.shadowRoot?.activeElement ?? null;
    if (!changed.has('wanted') || !this.wanted) return;
    this.#isFound = false;
    this.#part.showAround(this.wanted.seq);
    void this.#thread.refresh();
  }

  /** What is looked for is here: to it, once everything around it has its height. */
  async #findWanted(): Promise<void> {
    const { wanted } = this;
    if (!wanted || this.#isFound) return;
    const found = this.#bubbles.find(({ message }) => this.#isWanted(message));
    if (!found) return;
    this.#isFound = true;
    await this.#laidOut();
    if (wanted === this.wanted) this.#scroll.goTo(found);
  }

  override updated(): void {
    // The message that had the focus was deleted: a reader goes on from the thread, not from the top of the page.
    if (this.#focused && !this.#focused.isConnected) {
      this.renderRoot.querySelector<HTMLElement>('.scroller')!.focus({ preventScroll: true });
    }
    void this.#findWanted();
    this.#markSeen();
    // Nothing of a long conversation is here yet: then nobody has to ask for it.
    const thread = this.#thread.value;
    if (thread?.older === 'on-server' && thread.messages.length === 0 && !this.#reach.isOlderOutOfReach) {
      void this.#reach.loadOlder();
    }
  }

  async #read(): Promise<ShownThread> {
    const readPart = () =>
      readThread(this.chat.db, this.peer.id, (conversation) => this.#part.of(conversation));
    let thread = await readPart();
    // Where the reader left off is only on the server: then it begins with what is here.
    if (thread.messages.length === 0 && thread.isMoreBelow) {
      this.#part.showNewest();
      thread = await readPart();
    }
    this.#part.wasRead(thread);
    this.#scroll.isPartial = thread.isMoreBelow;
    const { lastSeq = 0, unread = 0 } = thread.conversation ?? {};
    return { ...thread, lastSeq, unread, readTo: readToOf(thread.conversation) };
  }

  #onScroll(): void {
    this.#scroll.look();
    this.#onPlaced();
  }

  #onPlaced(): void {
    this.#markSeen();
    this.#reach.look();
  }

  #markSeen(): void {
    const thread = this.#thread.value;
    if (!thread || thread.isMoreBelow || !this.#scroll.isPlaced || this.#scroll.isAway) return;
    if (document.visibilityState !== 'visible') return;
    const last = thread.messages.findLast(
      ({ fromId, seq }) => fromId !== this.chat.me.id && seq !== undefined,
    );
    if (!last?.seq || last.seq <= thread.readTo) return;
    this.chat.seen(this.peer.id, last.seq).catch((error: unknown) => console.error(error));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-thread': MessageThread;
  }
}
