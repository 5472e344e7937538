/**
 * What was refused, for the log: how often with which code, in one line a minute at most, so that whoever is refused a
 * million times a minute writes no more than who is refused once. Neither who asked nor for what: the log has none of that.
 */
import type { Logger } from 'pino';
import type { ProblemCode } from '../protocol/problem.ts';

const everyMs = 60_000;

export class RefusalLog {
  readonly #logger: Logger;
  readonly #counts = new Map<ProblemCode, number>();
  #nextLine: NodeJS.Timeout | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  count(code: ProblemCode): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
    this.#nextLine ??= setTimeout(() => this.write(), everyMs).unref();
  }

  /** What was counted since the last line; at the end of the server, the rest. */
  write(): void {
    clearTimeout(this.#nextLine);
    this.#nextLine = undefined;
    if (this.#counts.size === 0) return;
    this.#logger.info({ refused: Object.fromEntries(this.#counts) }, 'requests were refused');
    this.#counts.clear();
  }
}
