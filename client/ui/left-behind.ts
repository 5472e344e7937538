/**
 * <ot-left-behind chat>: says what waits on this device for persons whom it belonged to before, and offers what can be
 * done with it. Nothing of it is ever sent without a press of the button that says as whom.
 */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LeftBehind as Waiting } from '../store/left-behind.ts';
import type { Chat } from '../sync/chat.ts';
import { fillParts, pluralParts, words } from '../words/words.ts';
import { LiveQuery } from './live-query.ts';
import { sharedStyles } from './shared-styles.ts';

@customElement('ot-left-behind')
export class LeftBehind extends LitElement {
  @property({ attribute: false }) chat!: Chat;
  /** Whose messages the person is asked about before they are deleted. */
  @state() private deleting = '';
  /** Whose messages were sent as far as that was possible. */
  @state() private tried = '';
  readonly #waiting = new LiveQuery(
    this,
    // Told when the stream is up, too: by then a page of theirs that was just left is closed.
    () => ['people'],
    () => this.chat.leftBehind(),
  );

  static override styles = [
    sharedStyles,
    css`
      section {
        margin: 0 var(--space-4) var(--space-2);
        padding: var(--space-3) var(--space-4) var(--space-1);
        border-radius: var(--radius-button);
        background: var(--warn-bg);
        color: var(--warn-fg);
        font-size: var(--type-small);
        overflow-wrap: anywhere;
      }
      p {
        margin: 0;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        justify-content: end;
      }
      .text-button {
        color: inherit;
      }
    `,
  ];

  override render() {
    return (this.#waiting.value ?? []).map((former) => this.#notice(former));
  }

  #notice(former: Waiting) {
    const { id, nick, waiting } = former;
    const isSameNick = nick === this.chat.me.nick;
    const { leftBehind } = words;
    const whom = html`<bdi>${nick}</bdi>`;
    return html`<section role="group" aria-label=${leftBehind.heading}>
      <p aria-live="polite">
        ${pluralParts(leftBehind.wait, waiting, { nick: whom })} ${this.#more(id, whom, isSameNick)}
      </p>
      <div class="row">
        ${
          this.deleting === id
            ? html`<button class="text-button" @click=${() => (this.deleting = '')}>
                  ${leftBehind.keep}
                </button>
                <button class="text-button" @click=${() => this.#act(() => this.chat.deleteLeftBehind(id))}>
                  ${leftBehind.deleteForGood}
                </button>`
            : html`<button class="text-button" @click=${() => (this.deleting = id)}>
                  ${words.actions.delete}
                </button>
                ${
                  isSameNick
                    ? html`<button class="text-button" @click=${() => this.#send(id)}>
                        ${pluralParts(leftBehind.sendAs, waiting, { nick: whom })}
                      </button>`
                    : nothing
                }`
        }
      </div>
    </section>`;
  }

  #more(id: string, nick: unknown, isSameNick: boolean) {
    if (this.deleting === id) return words.leftBehind.deletedForGood;
    if (this.tried === id) return words.leftBehind.nobodyHasNick;
    return isSameNick ? nothing : fillParts(words.leftBehind.whenSignedIn, { nick });
  }

  #send(id: string): void {
    this.#act(async () => {
      await this.chat.sendLeftBehind(id);
      this.tried = id;
    });
  }

  #act(act: () => Promise<void>): void {
    act()
      .catch((error: unknown) => console.error(error))
      .finally(() => {
        this.deleting = '';
        void this.#waiting.refresh();
      });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-left-behind': LeftBehind;
  }
}
