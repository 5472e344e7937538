/**
 * What all sheets are: a dialog of the browser's own, so that Esc and Android's Back close it and the focus returns to
 * where it was. A sheet gives its content and its `heading`, and dispatches `close-sheet` when it is closed.
 */
import { html, LitElement } from 'lit';
import { query } from 'lit/decorators.js';
import { sharedStyles } from './shared-styles.ts';
import { sheetStyles } from './sheet-styles.ts';

export abstract class Sheet extends LitElement {
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  static override styles = [sharedStyles, sheetStyles];

  override firstUpdated(): void {
    this.dialog.showModal();
  }

  override render() {
    return html`<dialog aria-labelledby="title" @close=${() => this.say('close-sheet')}>
      <h2 id="title" tabindex="-1">${this.heading()}</h2>
      ${this.content()}
    </dialog>`;
  }

  protected abstract heading(): unknown;
  protected abstract content(): unknown;

  close(): void {
    this.dialog.close();
  }

  /** Where the focus was is gone: then it goes to where a reader begins. */
  protected keepFocus(): void {
    if (this.dialog.open && !this.renderRoot.querySelector(':focus, :focus-within')) this.#title.focus();
  }

  get #title(): HTMLElement {
    return this.renderRoot.querySelector('#title')!;
  }

  /** Closes, and lets another sheet take the place. The focus goes home first, for that one to remember. */
  protected leaveFor(wish: string, detail?: unknown): void {
    this.close();
    this.say(wish, detail);
  }

  protected say(wish: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(wish, { detail, bubbles: true, composed: true }));
  }
}
