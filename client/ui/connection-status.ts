/**
 * <ot-connection-status shown queue>: the truth about the network, in words. Never technical, never in the way.
 * It decides nothing (connection-shown.ts does). A tap dispatches `try-now`, or `pick-nick` when the session is lost; on
 * what waits, and on what was not sent, `open-queue`.
 */
import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Queue } from '../store/queue.ts';
import { nothingShown, type ConnectionShown } from './connection-shown.ts';
import { connectionStatusStyles } from './connection-status-styles.ts';
import { icon } from './icons.ts';
import { sharedStyles } from './shared-styles.ts';
import { countText, queueText, troubleText } from './why-waiting.ts';

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
        return html`<span class="visually-hidden">Connecting…</span>`;
      case 'updating':
        return html`<span class="progress"></span><span class="visually-hidden">Updating…</span>`;
      case 'offline':
        return this.#bar('try-now', this.#offline());
      case 'signed-out':
        return this.#bar('pick-nick', 'Signed out – pick your nick again');
      case 'sending':
        return html`<p class="bar good">Back online – sending ${this.queue?.queued.length}…</p>`;
      case 'all-sent':
        return html`<p class="bar good">All sent</p>`;
      case 'back':
        return html`<p class="bar good">Back online</p>`;
    }
  }

  /** The words are for reading; the button over them has a name of its own, which says what it does. */
  #bar(wish: keyof typeof wishes, text: unknown) {
    return html`<p class="bar">
      ${wish === 'try-now' ? icon('offline') : nothing}<span>${text}</span>
      <button class="over" aria-label=${wishes[wish]} @click=${() => this.#ask(wish)}></button>
    </p>`;
  }

  #offline() {
    const { queued = [], failed = [] } = this.queue ?? {};
    if (queued.length + failed.length === 0) return "Offline – write on, it is sent when you're back";
    // Where something needs the person, there is no room for what goes without saying.
    const text = failed.length === 0 ? countText(queued.length) : queueText(queued.length, failed.length);
    return html`Offline –
      <button class="count" aria-label="${text}, show what waits" @click=${() => this.#ask('open-queue')}>
        ${text}
      </button>
      ${failed.length === 0 ? "will be sent when you're back" : nothing}`;
  }

  /** With a network there is something to say of the queue only where it does not move by itself. */
  #ofQueue() {
    const { queued = [], failed = [], flush } = this.queue ?? {};
    if (failed.length > 0) {
      const text = `${countText(failed.length)} ${failed.length === 1 ? 'was' : 'were'} not sent`;
      return this.#bar('open-queue', text);
    }
    const trouble = flush && flush.failures > 1 ? troubleText(flush) : undefined;
    if (queued.length === 0 || trouble === undefined) return nothing;
    return this.#bar('open-queue', `${countText(queued.length)} not sent yet: ${trouble}`);
  }

  #ask(wish: string): void {
    this.dispatchEvent(new CustomEvent(wish, { bubbles: true, composed: true }));
  }
}

/** What a tap on a bar does. */
const wishes = { 'try-now': 'Try now', 'pick-nick': 'Pick a nick', 'open-queue': 'Show what waits' };
