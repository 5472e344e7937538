/**
 * <ot-session-sheet nick otherPerson>: the session is lost, and nothing else. Says so once; what is here can still be
 * read after `Later`. Dispatches `pick-nick`, `switch-person` or `later`.
 */
import { html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
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
      <h2 id="title">${this.otherPerson ? 'Somebody else is here' : 'Pick your nick again'}</h2>
      <p>
        ${
          this.otherPerson
            ? html`Another person is signed in here. The messages and queue of <bdi>${this.nick}</bdi> are
                kept.`
            : 'Your messages and queue are kept.'
        }
      </p>
      <div class="row">
        <button class="text-button" @click=${() => this.dialog.close()}>Later</button>
        ${
          // A nick that was picked now would take the session from whom it belongs to.
          this.otherPerson
            ? html`<button class="main-button" autofocus @click=${() => this.#say('switch-person')}>
                Go on as them
              </button>`
            : html`<button class="main-button" autofocus @click=${() => this.#say('pick-nick')}>
                Pick a nick
              </button>`
        }
      </div>
    </dialog>`;
  }

  #say(wish: string): void {
    this.dispatchEvent(new CustomEvent(wish, { bubbles: true, composed: true }));
  }
}
