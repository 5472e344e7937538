/**
 * <ot-connection-status shown waiting>: the truth about the network, in words. Never technical, never in the way.
 * It decides nothing (connection-shown.ts does). A tap dispatches `try-now`, or `pick-nick` when the session is lost.
 */
import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { nothingShown, type ConnectionShown } from './connection-shown.ts';
import { connectionStatusStyles } from './connection-status-styles.ts';
import { icon } from './icons.ts';
import { sharedStyles } from './shared-styles.ts';

@customElement('ot-connection-status')
export class ConnectionStatus extends LitElement {
  @property({ attribute: false }) shown: ConnectionShown = nothingShown;
  /** How many messages wait to be sent. */
  @property({ type: Number }) waiting = 0;

  static override styles = [sharedStyles, connectionStatusStyles];

  override render() {
    return html`<div role="status">${this.#said()}</div>`;
  }

  #said() {
    switch (this.shown.what) {
      case 'nothing':
        return nothing;
      // Seen in the headers, where it moves nothing.
      case 'connecting':
        return html`<span class="visually-hidden">Connecting…</span>`;
      case 'updating':
        return html`<span class="progress"></span><span class="visually-hidden">Updating…</span>`;
      case 'offline':
        return this.#bar('try-now', offlineText(this.waiting));
      case 'signed-out':
        return this.#bar('pick-nick', 'Signed out – pick your nick again');
      case 'sending':
        return html`<p class="bar good">Back online – sending ${this.waiting}…</p>`;
      case 'all-sent':
        return html`<p class="bar good">All sent</p>`;
      case 'back':
        return html`<p class="bar good">Back online</p>`;
    }
  }

  /** The words are for reading; the button over them has a name of its own, which says what it does. */
  #bar(wish: 'try-now' | 'pick-nick', text: string) {
    const isOffline = wish === 'try-now';
    return html`<p class="bar">
      ${isOffline ? icon('offline') : nothing}<span>${text}</span>
      <button aria-label=${isOffline ? 'Try now' : 'Pick a nick'} @click=${() => this.#ask(wish)}></button>
    </p>`;
  }

  #ask(wish: string): void {
    this.dispatchEvent(new CustomEvent(wish, { bubbles: true, composed: true }));
  }
}

function offlineText(waiting: number): string {
  if (waiting === 0) return "Offline – write on, it is sent when you're back";
  const messages = waiting === 1 ? '1 message' : `${waiting} messages`;
  return `Offline – ${messages} will be sent when you're back`;
}
