/**
 * <ot-session-sheet nick otherPerson>: the session is lost, and nothing else. Says so once; what is here can still be
 * read after `Later`. Dispatches `pick-nick`, `switch-person` or `later`.
 */
import { html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { fillParts, words } from '../words/words.ts';
import { sharedStyles } from './shared-styles.ts';
import { sheetStyles } from './sheet-styles.ts';

@customElement('ot-session-sheet')
export class SessionSheet extends LitElement {
  @property() nick = '';
  /** Somebody else signed in in this browser. */
  @property({ type: Boolean }) otherPerson = false;
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  static override styles = [sharedStyles, sheetStyles];

  override firstUpdated(): void {
    this.dialog.showModal();
  }

  override render() {
    return html`<dialog aria-labelledby="title" @close=${() => this.#say('later')}>
      <h2 id="title">${this.otherPerson ? words.session.somebodyElse : words.session.pickAgain}</h2>
      <p>
        ${
          this.otherPerson
            ? fillParts(words.session.keptOf, { nick: html`<bdi>${this.nick}</bdi>` })
            : words.session.kept
        }
      </p>
      <div class="row">
        <button class="text-button" @click=${() => this.dialog.close()}>${words.actions.later}</button>
        ${
          // A nick that was picked now would take the session from whom it belongs to.
          this.otherPerson
            ? html`<button class="main-button" autofocus @click=${() => this.#say('switch-person')}>
                ${words.session.goOnAsThem}
              </button>`
            : html`<button class="main-button" autofocus @click=${() => this.#say('pick-nick')}>
                ${words.session.pickNick}
              </button>`
        }
      </div>
    </dialog>`;
  }

  #say(wish: string): void {
    this.dispatchEvent(new CustomEvent(wish, { bubbles: true, composed: true }));
  }
}
