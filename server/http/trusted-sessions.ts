/**
 * Which sessions this node trusts without asking the store, where other nodes may end them: those used since the look
 * before last. Each look asks the store about them; those that nobody uses are forgotten, so that the next request asks.
 */
export class TrustedSessions {
  #used = new Set<string>();
  #trusted = new Set<string>();
  readonly #forget: (tokenHash: string) => void;

  constructor(forget: (tokenHash: string) => void) {
    this.#forget = forget;
  }

  note(tokenHash: string): void {
    this.#used.add(tokenHash);
  }

  /** For a look: those to ask about. */
  take(): ReadonlySet<string> {
    for (const tokenHash of this.#trusted) if (!this.#used.has(tokenHash)) this.#forget(tokenHash);
    this.#trusted = this.#used;
    this.#used = new Set();
    return this.#trusted;
  }
}
