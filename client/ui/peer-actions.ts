/** <ot-peer-actions chat peer>: mute, block, or report a person, and take the first two back. Dispatches `report`. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PeerFlags } from '../../server/protocol/peers.ts';
import type { Peer } from '../store/outbox.ts';
import { readPeer } from '../store/peers.ts';
import type { Chat } from '../sync/chat.ts';
import { words } from '../words/words.ts';
import { LiveQuery } from './live-query.ts';
import { sharedStyles } from './shared-styles.ts';

@customElement('ot-peer-actions')
export class PeerActions extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @property({ attribute: false }) peer!: Peer;
  readonly #row = new LiveQuery(
    this,
    () => ['peers'],
    () => readPeer(this.chat.db, this.peer.id),
  );

  static override styles = [
    sharedStyles,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        margin-block-start: var(--space-2);
        margin-inline: -8px;
      }
      .text-button {
        padding-inline: var(--space-2);
      }
      .danger {
        color: var(--error);
      }
    `,
  ];

  override render() {
    // Of notes to oneself there is nobody to be left in peace by.
    if (this.peer.id === this.chat.me.id) return nothing;
    const { blocked = false, muted = false } = this.#row.value ?? {};
    const { mute, unmute, block, unblock, report } = words.peace;
    return html`<div>
      ${this.#button(muted ? unmute : mute, { muted: !muted })}
      ${this.#button(blocked ? unblock : block, { blocked: !blocked }, blocked ? '' : 'danger')}
      <button class="text-button danger" @click=${() => this.dispatchEvent(new Event('report'))}>
        ${report}
      </button>
    </div>`;
  }

  #button(name: string, change: Partial<PeerFlags>, kind = '') {
    const onClick = () => {
      this.chat.decide(this.peer, change).catch((error: unknown) => console.error(error));
    };
    return html`<button class="text-button ${kind}" @click=${onClick}>${name}</button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-peer-actions': PeerActions;
  }
}
