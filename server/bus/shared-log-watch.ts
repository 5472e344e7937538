/**
 * Looks again and again at what other nodes have done in the store that all share: which inboxes grew, which sessions
 * ended, and whether what people decided about each other has changed. The link between the nodes tells it sooner; this
 * makes it certain, whatever becomes of the link.
 */
import type { StoredDiscretion } from '../store/peer-store.ts';
import type { SharedStore } from '../store/shared-store.ts';

const tickMs = 1_000;
/** With a link every other tick will do. */
const ticksWithLink = 2;

export interface LogWatchOptions {
  store: Pick<SharedStore, 'glance' | 'discretion'>;
  isLinkUp: () => boolean;
  /** The inboxes that somebody listens to here. */
  listened: () => string[];
  /** The sessions that are trusted here without asking the store. */
  trusted: () => string[];
  onNews: (inboxes: string[]) => void;
  onEnded: (tokenHashes: string[]) => void;
  onDiscretion: (discretion: StoredDiscretion) => void;
  onError: (error: unknown) => void;
}

export class SharedLogWatch {
  readonly #options: LogWatchOptions;
  readonly #timer: NodeJS.Timeout;
  /** Of the inboxes that were listened to at the last look. */
  #heads = new Map<string, number>();
  #discretion: number | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #ticks = 0;

  constructor(options: LogWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#ticks += 1;
      if (!options.isLinkUp() || this.#ticks % ticksWithLink === 0) void this.look();
    }, tickMs);
    this.#timer.unref();
  }

  /** A look that begins from now on; those that are asked for while one is under way are one. */
  look(): Promise<void> {
    this.#next ??= this.#underWay.then(() => {
      this.#next = undefined;
      this.#underWay = this.#look().catch(this.#options.onError);
      return this.#underWay;
    });
    return this.#next;
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await (this.#next ?? this.#underWay);
  }

  async #look(): Promise<void> {
    const { store, listened, trusted, onNews, onEnded, onDiscretion } = this.#options;
    const glance = await store.glance({ personIds: listened(), tokenHashes: trusted() });
    if (glance.ended.length > 0) onEnded(glance.ended);
    if (glance.discretion !== this.#discretion) {
      onDiscretion(await store.discretion());
      this.#discretion = glance.discretion;
    }
    // One that is new here may have grown between its reader's first look and this one.
    const grown = glance.heads.filter(([id, position]) => this.#heads.get(id) !== position);
    this.#heads = new Map(glance.heads);
    if (grown.length > 0) onNews(grown.map(([id]) => id));
  }
}
