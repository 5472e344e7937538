/**
 * <ot-peer-bar chat peer row>: what is to be decided about the other person before anything is written: a stranger's
 * request is accepted, blocked or reported; a block is undone. Dispatches `decided`, and `open-report`.
 */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PeerFlags } from '../../server/protocol/peers.ts';
import type { PeerRow } from '../store/database.ts';
import type { Peer } from '../store/outbox.ts';
import { isRequest } from '../store/peers.ts';
import type { Chat } from '../sync/chat.ts';
import { fillParts, words } from '../words/words.ts';
import { sharedStyles } from './shared-styles.ts';

@customElement('ot-peer-bar')
export class PeerBar extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  @property({ attribute: false }) peer!: Peer;
  /** What is decided; undefined for most people. */
  @property({ attribute: false }) row: PeerRow | undefined;

  static override styles = [
    sharedStyles,
    css`
      section {
        padding: var(--space-2) var(--space-4);
        border-block-start: 1px solid var(--line);
        background: var(--bg);
        text-align: center;
      }
      /* Then there is nothing below it. */
      .last {
        padding-block-end: max(var(--space-2), env(safe-area-inset-bottom));
      }
      p {
        margin: var(--space-1) 0;
        font-size: var(--type-small);
        color: var(--text-2);
        overflow-wrap: anywhere;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
      }
      .danger {
        color: var(--error);
      }
    `,
  ];

  override render() {
    const nick = html`<bdi>${this.peer.nick}</bdi>`;
    const { asks, youBlocked, accept, block, unblock } = words.peace;
    if (this.row?.blocked) {
      return html`<section class="last">
        <p>${fillParts(youBlocked, { nick })}</p>
        <div>${this.#button(unblock, { blocked: false })}</div>
      </section>`;
    }
    if (!isRequest(this.row)) return nothing;
    return html`<section>
      <p>${fillParts(asks, { nick })}</p>
      <div>
        ${this.#button(accept, { accepted: true })} ${this.#button(block, { blocked: true }, 'danger')}
        <button class="text-button danger" @click=${() => this.#say('open-report')}>
          ${words.peace.report}
        </button>
      </div>
    </section>`;
  }

  #button(name: string, change: Partial<PeerFlags>, kind = '') {
    const onClick = () => {
      this.chat.decide(this.peer, change).then(
        () => this.#say('decided'),
        (error: unknown) => console.error(error),
      );
    };
    return html`<button class="text-button ${kind}" @click=${onClick}>${name}</button>`;
  }

  #say(wish: string): void {
    this.dispatchEvent(new CustomEvent(wish, { detail: this.peer, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-peer-bar': PeerBar;
  }
}
