/**
 * <ot-app>: the sign-in form that index.html put inside it, or the messenger. Also where the session was lost: then the
 * form comes back, and messages and queue stay on the device.
 */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { SignInOutcome } from '../session.ts';
import type { WorkerHandle } from '../service-worker.ts';
import type { Chat } from '../sync/chat.ts';
import './messenger.ts';
import { sharedStyles } from './shared-styles.ts';
import './sign-in.ts';
import './update-toast.ts';

@customElement('ot-app')
export class App extends LitElement {
  /** Undefined before somebody is signed in. */
  @property({ attribute: false }) chat: Chat | undefined;
  @property({ attribute: false }) signIn!: (nick: string) => Promise<SignInOutcome>;
  /** A newer version that waits to be taken into use. */
  @property({ attribute: false }) newVersion: WorkerHandle | undefined;
  @state() private isSignedOut = false;
  readonly #onMoment = () => this.#lookAtSession();

  static override styles = [
    sharedStyles,
    css`
      :host {
        block-size: 100%;
      }
      .lost {
        margin: 0;
        padding: max(12px, env(safe-area-inset-top)) 16px 12px;
        text-align: center;
        background: var(--warn-bg);
        color: var(--warn-fg);
      }
    `,
  ];

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('chat')) {
      (changed.get('chat') as Chat | undefined)?.moments.removeEventListener('change', this.#onMoment);
      this.chat?.moments.addEventListener('change', this.#onMoment);
      this.#lookAtSession();
    }
    // The form was made by the parser, or by a render of its own; it asks through us.
    const form = this.querySelector('ot-sign-in');
    if (form) form.signIn = this.signIn;
  }

  override render() {
    const { chat } = this;
    if (!chat || this.isSignedOut) {
      return html`${
          chat
            ? html`<p class="lost" role="alert">
                ${
                  chat.connection.name === 'other-person'
                    ? `Another person is signed in here. ${chat.me.nick}'s messages and queue are kept.`
                    : 'Pick your nick again. Your messages and queue are kept.'
                }
              </p>`
            : nothing
        }<slot></slot>`;
    }
    return html`
      ${keyed(chat, html`<ot-messenger .chat=${chat}></ot-messenger>`)}
      ${this.newVersion ? html`<ot-update-toast @update=${() => this.newVersion?.update()}></ot-update-toast>` : nothing}
    `;
  }

  #lookAtSession(): void {
    const name = this.chat?.connection.name;
    this.isSignedOut = name === 'signed-out' || name === 'other-person';
    if (this.isSignedOut) document.documentElement.classList.remove('known');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-app': App;
  }
}
