/**
 * <ot-sign-in>: picking a nick. The form itself stands in index.html, painted before any script ran, and stays: so
 * whatever was typed, pressed or focused meanwhile is still there. This gives it life, and says every outcome at the
 * field. It asks only through `signIn`.
 */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { nextDelayMs } from '../../server/protocol/backoff.ts';
import { readNick } from '../../server/protocol/nick.ts';
import type { SignInOutcome } from '../session.ts';
import { fillParts, plural, words } from '../words/words.ts';

const spinnerAfterMs = 300;
const retryBackoff = { baseMs: 4_000, capMs: 30_000 };

@customElement('ot-sign-in')
export class SignIn extends LitElement {
  @property({ attribute: false }) signIn: ((nick: string) => Promise<SignInOutcome>) | undefined;
  /** A sentence, or its parts. */
  @state() private problem: unknown = '';
  @state() private suggestion = '';
  @state() private isSlow = false;
  #isAsking = false;
  #retries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  readonly #onOnline = () => this.#retry !== undefined && void this.#ask();

  /** What changes is said in one place, below the field. */
  override createRenderRoot(): HTMLElement {
    return this.querySelector<HTMLElement>('#nick-problem')!;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('online', this.#onOnline);
    this.#form.addEventListener('submit', this.#submit);
    this.#input.addEventListener('input', this.#clear);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('online', this.#onOnline);
    this.#stopRetrying();
  }

  get #form(): HTMLFormElement {
    return this.querySelector('form')!;
  }

  get #input(): HTMLInputElement {
    return this.querySelector('input')!;
  }

  /** Offers a nick, unless one was typed already. */
  suggest(nick: string): void {
    if (this.#input.value === '') this.#input.value = nick;
  }

  override render() {
    return html`${this.problem}${
      this.suggestion === ''
        ? nothing
        : html`<button type="button" class="suggestion" @click=${this.#takeSuggestion}>
            ${fillParts(words.signIn.use, { nick: html`<bdi>${this.suggestion}</bdi>` })}
          </button>`
    }`;
  }

  override updated(changed: PropertyValues): void {
    this.#input.setAttribute('aria-invalid', String(this.problem !== ''));
    const isHeld = !this.signIn && this.#form.dataset['pressed'] === '';
    // Its name stays; the spinner is drawn beside it.
    this.querySelector('[type=submit]')!.setAttribute('aria-busy', String(this.isSlow || isHeld));
    // Pressed before there was a script to hear it.
    if (changed.has('signIn') && this.signIn && this.#form.dataset['pressed'] === '') void this.#ask();
  }

  readonly #clear = (): void => {
    this.problem = '';
    this.suggestion = '';
    this.#retries = 0;
    this.#stopRetrying();
  };

  #stopRetrying(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  #takeSuggestion(): void {
    this.#input.value = this.suggestion;
    this.#clear();
    void this.#ask();
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    this.#clear();
    void this.#ask();
  };

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    // Not before there are words for every outcome; until then it is busy.
    if (!this.signIn) return this.#hold();
    delete this.#form.dataset['pressed'];
    this.#stopRetrying();
    const reading = readNick(this.#input.value);
    if (!reading.ok) return this.#complain(words.signIn.problems[reading.why]);
    this.#isAsking = true;
    const slow = setTimeout(() => (this.isSlow = true), spinnerAfterMs);
    try {
      this.#tell(await this.signIn(reading.nick), reading.nick);
    } catch (error) {
      // The network never throws here (session.ts), so it is the device that cannot remember who signed in.
      console.error(error);
      this.#complain(words.signIn.noStorage);
    } finally {
      clearTimeout(slow);
      this.isSlow = false;
      this.#isAsking = false;
    }
  }

  #hold(): void {
    this.#form.dataset['pressed'] = '';
    this.requestUpdate();
  }

  #tell(outcome: SignInOutcome, nick: string): void {
    switch (outcome.kind) {
      case 'signed-in':
        return this.#clear();
      case 'nick-taken':
        this.suggestion = nextNick(nick);
        return this.#complain(
          fillParts(words.signIn.taken, {
            nick: html`<bdi>${nick}</bdi>`,
            suggestion: html`<bdi>${this.suggestion}</bdi>`,
          }),
        );
      case 'nick-invalid':
        return this.#complain(words.signIn.problems.characters);
      case 'banned':
        return this.#complain(words.signIn.banned);
      case 'busy':
        return this.#complain(plural(words.signIn.busy, outcome.afterSeconds));
      case 'unreachable':
        // It goes on by itself, so that nobody has to stand there and press.
        this.#retry = setTimeout(
          () => void this.#ask(),
          nextDelayMs(this.#retries, Math.random(), retryBackoff),
        );
        this.#retries += 1;
        this.problem = navigator.onLine ? words.signIn.unreachable : words.signIn.offline;
    }
  }

  #complain(sentence: unknown): void {
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
