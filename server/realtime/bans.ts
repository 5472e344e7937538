/**
 * Whom the operator keeps out. The command writes it into the database beside the running server, which therefore looks
 * there again and again; in between, every request asks what was found last.
 */
import type { PeerStore } from '../store/peer-store.ts';

const lookEveryMs = 500;

export interface BanOptions {
  store: Pick<PeerStore, 'bans'>;
  now: () => Date;
  /** Somebody is kept out from now on. */
  onBanned: (personId: string) => void;
  report: (error: unknown) => void;
}

export class Bans {
  readonly #options: BanOptions;
  #until = new Map<string, string | null>();
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;

  constructor(options: BanOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#looking ??= this.look()
        .catch(options.report)
        .finally(() => (this.#looking = undefined));
    }, lookEveryMs);
    this.#timer.unref();
  }

  async look(): Promise<void> {
    const { store, now, onBanned } = this.#options;
    const before = this.#until;
    const bans = await store.bans(now().toISOString());
    this.#until = new Map(bans.map(({ personId, until }) => [personId, until]));
    for (const { personId } of bans) if (!before.has(personId)) onBanned(personId);
  }

  isBanned(personId: string): boolean {
    return this.#until.has(personId);
  }

  /** A sentence for the person. */
  sentence(personId: string): string {
    const until = this.#until.get(personId);
    return until ? `The operator has banned this nick until ${until}.` : 'The operator has banned this nick.';
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }
}
