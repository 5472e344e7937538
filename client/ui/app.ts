/**
 * <ot-app>: the sign-in form that index.html put inside it, or the messenger. Where the session is lost the messenger
 * stays readable, a sheet says so, and the form comes back when wanted.
 *
 * What it shows is defined elsewhere (chat-page.ts), so that the sign-in form need not wait for it. main.ts gives it `signIn`, then `chat` once somebody is signed in, and `newVersion` when one waits. From below comes
 * `signed-out`, after which main.ts starts anew.
 */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { SignInOutcome } from '../session.ts';
import type { Chat } from '../sync/chat.ts';
import { words } from '../words/words.ts';
import { sharedStyles } from './shared-styles.ts';
import './sign-in.ts';
import type { NewVersion } from './update-toast.ts';
import { keepWhatIsTyped } from './before-reload.ts';

@customElement('ot-app')
export class App extends LitElement {
  /** Undefined before somebody is signed in. */
  @property({ attribute: false }) chat: Chat | undefined;
  @property({ attribute: false }) signIn!: (nick: string) => Promise<SignInOutcome>;
  /** A newer version that waits to be taken into use. */
  @property({ attribute: false }) newVersion: NewVersion | undefined;
  /** Storage was cleared under a session, which is being asked for, or waits for a way to the server. */
  @property({ attribute: false }) restoring: 'asking' | 'waiting' | undefined;
  @state() private lost: 'signed-out' | 'other-person' | undefined;
  /** Wants to see the form again, or to go on reading for now. */
  @state() private wish: 'pick-nick' | 'later' | undefined;
  readonly #onMoment = () => this.#lookAtSession();

  static override styles = [
    sharedStyles,
    css`
      .screen {
        block-size: 100%;
        display: grid;
        grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
      }
      .lost {
        margin: 0;
        padding: max(var(--space-3), env(safe-area-inset-top)) var(--space-4) var(--space-3);
        text-align: center;
        background: var(--warn-bg);
        color: var(--warn-fg);
      }
      .restoring {
        grid-row: 2;
        place-self: center;
        max-inline-size: 22rem;
        padding: var(--space-6);
        text-align: center;
        color: var(--text-2);
      }
      .form {
        grid-row: 2;
      }
    `,
  ];

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('chat')) {
      (changed.get('chat') as Chat | undefined)?.moments.removeEventListener('change', this.#onMoment);
      this.chat?.moments.addEventListener('change', this.#onMoment);
      this.#lookAtSession();
    }
    // The form was made by the parser; it asks through us.
    const form = this.querySelector('ot-sign-in');
    if (form && changed.has('signIn')) form.signIn = this.signIn;
  }

  override render() {
    const { chat, lost } = this;
    if (!chat || (lost && this.wish === 'pick-nick')) {
      return html`<div class="screen">
        ${chat ? html`<header class="lost">${words.session.kept}</header>` : nothing}
        ${
          this.restoring
            ? html`<main class="restoring">
                <h1 class="visually-hidden">OpenTalk</h1>
                <p aria-live="polite">${words.session.restoring[this.restoring]}</p>
              </main>`
            : nothing
        }
        <div class="form"><slot></slot></div>
      </div>`;
    }
    return html`
      ${keyed(chat, html`<ot-messenger .chat=${chat} @pick-nick=${this.#pickNick} @reload=${this.#reload}></ot-messenger>`)}
      ${
        lost && this.wish !== 'later'
          ? html`<ot-session-sheet
              nick=${chat.me.nick}
              ?otherPerson=${lost === 'other-person'}
              @pick-nick=${this.#pickNick}
              @later=${() => (this.wish = 'later')}
            ></ot-session-sheet>`
          : nothing
      }
      <ot-update-toast
        .newVersion=${this.newVersion}
        @put-off=${() => (this.newVersion = undefined)}
      ></ot-update-toast>
    `;
  }

  /** Into the newest version, if it waits already. */
  async #reload(): Promise<void> {
    await keepWhatIsTyped();
    if (!(await this.newVersion?.take())) location.reload();
  }

  #pickNick(): void {
    this.wish = 'pick-nick';
    document.documentElement.classList.remove('known');
    this.querySelector('ot-sign-in')?.suggest(this.chat!.me.nick);
  }

  #lookAtSession(): void {
    const name = this.chat?.connection.name;
    this.lost = name === 'signed-out' || name === 'other-person' ? name : undefined;
    if (!this.lost) this.wish = undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-app': App;
  }
}
