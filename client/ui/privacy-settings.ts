/** <ot-privacy-settings chat>: what I show of myself, and whom I have blocked. A part of the settings. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Privacy } from '../../server/protocol/peers.ts';
import type { PeerRow } from '../store/database.ts';
import { listPeers } from '../store/peers.ts';
import { readPrivacy } from '../store/privacy.ts';
import type { Chat } from '../sync/chat.ts';
import { fillParts, words } from '../words/words.ts';
import { LiveQuery } from './live-query.ts';
import { settingsSheetStyles } from './settings-sheet-styles.ts';
import { sharedStyles } from './shared-styles.ts';

@customElement('ot-privacy-settings')
export class PrivacySettings extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  readonly #shown = new LiveQuery(
    this,
    () => ['peers'],
    async () => {
      const { db } = this.chat;
      const [privacy, peers] = await Promise.all([readPrivacy(db), listPeers(db)]);
      return { privacy, blocked: peers.filter(({ blocked }) => blocked) };
    },
  );

  static override styles = [
    sharedStyles,
    settingsSheetStyles,
    css`
      .choice {
        min-block-size: var(--target);
        cursor: pointer;
      }
      input {
        inline-size: 24px;
        block-size: 24px;
        flex: none;
        margin: 0;
        accent-color: var(--accent);
      }
      h4 {
        margin: var(--space-2) 0 0;
        font-size: var(--type-note);
        color: var(--text-2);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
    `,
  ];

  override render() {
    if (!this.#shown.value) return nothing;
    const { privacy, blocked } = this.#shown.value;
    const { heading, means, blockedPeople } = words.privacy;
    return html`<section>
      <h3>${heading}</h3>
      ${this.#choice('receipts', privacy)} ${this.#choice('typing', privacy)}
      ${this.#choice('presence', privacy)}
      <p class="small">${means}</p>
      ${
        blocked.length === 0
          ? nothing
          : html`<h4>${blockedPeople}</h4>
              <ul role="list">
                ${repeat(
                  blocked,
                  ({ id }) => id,
                  (peer) => this.#blocked(peer),
                )}
              </ul>`
      }
    </section>`;
  }

  #choice(what: keyof Privacy, privacy: Privacy) {
    const onChange = ({ target }: Event) => {
      const change = { [what]: (target as HTMLInputElement).checked };
      this.chat.setPrivacy(change).catch((error: unknown) => console.error(error));
    };
    return html`<label class="choice">
      ${words.privacy[what]}
      <input type="checkbox" role="switch" .checked=${privacy[what]} @change=${onChange} />
    </label>`;
  }

  #blocked(peer: PeerRow) {
    const onClick = () => {
      this.chat.decide(peer, { blocked: false }).catch((error: unknown) => console.error(error));
    };
    return html`<li>
      <button class="text-button" @click=${onClick}>
        ${fillParts(words.peace.unblockPerson, { nick: html`<bdi>${peer.nick}</bdi>` })}
      </button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-privacy-settings': PrivacySettings;
  }
}
