/**
 * <ot-connection-status shown queue>: the truth about the network, in words. Never technical, never in the way.
 * It decides nothing (connection-shown.ts does). A tap dispatches `try-now`, or `pick-nick` when the session is lost; on
 * what waits, and on what was not sent, `open-queue`.
 */
import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Queue } from '../store/queue.ts';
import { fill, fillParts, plural, pluralParts, words } from '../words/words.ts';
import { nothingShown, type ConnectionShown } from './connection-shown.ts';
import { connectionStatusStyles } from './connection-status-styles.ts';
import { icon } from './icons.ts';
import { sharedStyles } from './shared-styles.ts';
import { queueText, troubleText } from './why-waiting.ts';

@customElement('ot-connection-status')
export class ConnectionStatus extends LitElement {
  @property({ attribute: false }) shown: ConnectionShown = nothingShown;
  /** What waits; undefined until that was read. */
  @property({ attribute: false }) queue: Queue | undefined;

  static override styles = [sharedStyles, connectionStatusStyles];

  override render() {
    return html`<div role="status">${this.#said()}</div>`;
  }

  #said() {
    switch (this.shown.what) {
      case 'nothing':
        return this.#ofQueue();
      // Seen in the headers, where it moves nothing.
      case 'connecting':
        return html`<span class="visually-hidden">${words.connection.connecting}</span>`;
      case 'updating':
        return html`<span class="progress"></span
          ><span class="visually-hidden">${words.connection.updating}</span>`;
      case 'offline':
        return this.#bar('try-now', this.#offline());
      case 'signed-out':
        return this.#bar('pick-nick', words.connection.signedOut);
      case 'sending':
        return html`<p class="bar good">
          ${plural(words.connection.sending, this.queue?.queued.length ?? 0)}
        </p>`;
      case 'all-sent':
        return html`<p class="bar good">${words.connection.allSent}</p>`;
      case 'back':
        return html`<p class="bar good">${words.connection.back}</p>`;
    }
  }

  /** The words are for reading; the button over them has a name of its own, which says what it does. */
  #bar(wish: Wish, text: unknown) {
    return html`<p class="bar">
      ${wish === 'try-now' ? icon('offline') : nothing}<span>${text}</span>
      <button class="over" aria-label=${nameOf(wish)} @click=${() => this.#ask(wish)}></button>
    </p>`;
  }

  #offline() {
    const { queued = [], failed = [] } = this.queue ?? {};
    if (queued.length + failed.length === 0) return words.connection.offline;
    if (failed.length === 0) {
      const messages = this.#count(plural(words.waiting.messages, queued.length));
      return pluralParts(words.connection.offlineWaiting, queued.length, { messages });
    }
    // Where something needs the person, there is no room for what goes without saying.
    const messages = this.#count(queueText(queued.length, failed.length));
    return fillParts(words.connection.offlineNotSent, { messages });
  }

  #count(messages: string) {
    const name = fill(words.connection.showNamed, { messages });
    return html`<button class="count" aria-label=${name} @click=${() => this.#ask('open-queue')}>
      ${messages}
    </button>`;
  }

  /** With a network there is something to say of the queue only where it does not move by itself. */
  #ofQueue() {
    const { queued = [], failed = [], flush } = this.queue ?? {};
    if (failed.length > 0) return this.#bar('open-queue', plural(words.waiting.notSent, failed.length));
    const why = flush && flush.failures > 1 ? troubleText(flush) : undefined;
    if (queued.length === 0 || why === undefined) return nothing;
    return this.#bar('open-queue', plural(words.waiting.stuck, queued.length, { why }));
  }

  #ask(wish: string): void {
    this.dispatchEvent(new CustomEvent(wish, { bubbles: true, composed: true }));
  }
}

type Wish = 'try-now' | 'pick-nick' | 'open-queue';

/** What a tap on a bar does. */
function nameOf(wish: Wish): string {
  switch (wish) {
    case 'try-now':
      return words.actions.tryNow;
    case 'pick-nick':
      return words.session.pickNick;
    case 'open-queue':
      return words.connection.show;
  }
}
