/**
 * Notes when sessions are used: once in some minutes is enough to say when a device was last there, and costs no write for
 * each request.
 */
const everyMs = 5 * 60_000;
/** Most sessions whose last note is remembered; the oldest go first, and are noted once more. */
const mostKnown = 50_000;

export interface SessionUsesParts {
  record: (tokenHash: string, at: string) => Promise<void>;
  now: () => Date;
  onError: (error: unknown) => void;
}

export class SessionUses {
  readonly #notedAt = new Map<string, number>();
  readonly #parts: SessionUsesParts;

  constructor(parts: SessionUsesParts) {
    this.#parts = parts;
  }

  note(tokenHash: string): void {
    const { record, now, onError } = this.#parts;
    const at = now();
    const before = this.#notedAt.get(tokenHash);
    // A clock that was put back is no reason to wait until it is there again.
    if (before !== undefined && Math.abs(at.getTime() - before) < everyMs) return;
    this.#notedAt.delete(tokenHash);
    if (this.#notedAt.size >= mostKnown) this.#notedAt.delete(this.#notedAt.keys().next().value!);
    this.#notedAt.set(tokenHash, at.getTime());
    record(tokenHash, at.toISOString()).catch(onError);
  }
}
