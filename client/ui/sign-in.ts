/**
 * <ot-sign-in>: picking a nick. Takes over the markup that index.html painted before any script ran, so that nothing
 * that was typed meanwhile is lost. It asks only through `signIn`, and says every outcome at the field.
 */
import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { readNick } from '../../server/protocol/nick.ts';
import type { SignInOutcome } from '../session.ts';

const problems = {
  empty: 'Type a nick first: at least one letter or digit.',
  'too-long': 'That is too long. Use at most 32 characters.',
  characters: 'Use letters, digits, dots, dashes and underscores, without spaces.',
};
const spinnerAfterMs = 300;
const retryEveryMs = 4_000;

@customElement('ot-sign-in')
export class SignIn extends LitElement {
  @property({ attribute: false }) signIn!: (nick: string) => Promise<SignInOutcome>;
  @state() private problem = '';
  @state() private suggestion = '';
  @state() private isSlow = false;
  #isAsking = false;
  #typedBefore = '';
  #hadFocus = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  readonly #onOnline = () => this.#retry !== undefined && void this.#ask();

  /** In the document itself, where the painted form is, and where password managers find it. */
  override createRenderRoot(): this {
    const painted = this.querySelector('input');
    this.#typedBefore = painted?.value ?? '';
    this.#hadFocus = painted !== null && document.activeElement === painted;
    this.replaceChildren();
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('online', this.#onOnline);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('online', this.#onOnline);
    clearTimeout(this.#retry);
  }

  override firstUpdated(): void {
    this.#input.value = this.#typedBefore;
    if (this.#hadFocus) this.#input.focus();
  }

  get #input(): HTMLInputElement {
    return this.querySelector('input')!;
  }

  override render() {
    return html`<main class="sign-in">
      <form novalidate @submit=${this.#submit}>
        <img src="/icons/icon.svg" width="64" height="64" alt="" />
        <h1>Pick a nick</h1>
        <p class="hint">It is how others find you. Letters, digits, dots, dashes.</p>
        <label for="nick">Nick</label>
        <input
          id="nick"
          name="nick"
          autocapitalize="off"
          autocomplete="username"
          autocorrect="off"
          spellcheck="false"
          enterkeyhint="go"
          maxlength="64"
          dir="auto"
          aria-describedby="nick-problem"
          aria-invalid=${this.problem === '' ? 'false' : 'true'}
          @input=${this.#clear}
        />
        <p id="nick-problem" class="problem" role="alert">${this.problem}</p>
        ${
          this.suggestion === ''
            ? nothing
            : html`<button type="button" class="suggestion" @click=${this.#takeSuggestion}>
                Use ${this.suggestion}
              </button>`
        }
        <button type="submit">${this.isSlow ? 'Checking…' : 'Continue'}</button>
      </form>
    </main>`;
  }

  #clear(): void {
    this.problem = '';
    this.suggestion = '';
    this.#stopRetrying();
  }

  #stopRetrying(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  #takeSuggestion(): void {
    this.#input.value = this.suggestion;
    this.#clear();
    void this.#ask();
  }

  #submit(event: Event): void {
    event.preventDefault();
    this.#clear();
    void this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#stopRetrying();
    const reading = readNick(this.#input.value);
    if (!reading.ok) return this.#complain(problems[reading.why]);
    this.#isAsking = true;
    const slow = setTimeout(() => (this.isSlow = true), spinnerAfterMs);
    const outcome = await this.signIn(reading.nick);
    clearTimeout(slow);
    this.isSlow = false;
    this.#isAsking = false;
    this.#tell(outcome, reading.nick);
  }

  #tell(outcome: SignInOutcome, nick: string): void {
    switch (outcome.kind) {
      case 'signed-in':
        return;
      case 'nick-taken':
        this.suggestion = nextNick(nick);
        return this.#complain(`'${nick}' is in use. Try ${this.suggestion}, or another.`);
      case 'nick-invalid':
        return this.#complain(outcome.detail || problems.characters);
      case 'busy':
        return this.#complain(`Too many tries from here. Try again in ${outcome.afterSeconds} seconds.`);
      case 'unreachable':
        // It goes on by itself, so that nobody has to stand there and press.
        this.#retry = setTimeout(() => void this.#ask(), retryEveryMs);
        this.problem = navigator.onLine
          ? 'OpenTalk cannot be reached right now. It will be tried again by itself.'
          : "You're offline. OpenTalk needs a connection once, to claim your nick. It will be tried again by itself.";
    }
  }

  #complain(sentence: string): void {
    this.problem = sentence;
    this.#input.focus();
  }
}

/** ann → ann2 → ann3, never longer than a nick may be. */
function nextNick(nick: string): string {
  const [, stem, digits] = /^(.*?)(\d{0,4})$/su.exec(nick)!;
  return `${[...stem!].slice(0, 27).join('')}${digits === '' ? 2 : Number(digits) + 1}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'ot-sign-in': SignIn;
  }
}
