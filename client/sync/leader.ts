/**
 * One stream for the whole browser: the tab that holds the Web Lock leads, the others follow the database.
 * A thin shell of lock, channel and page events around leader-state.ts.
 *
 * Without locks (plain HTTP), or without a channel on which a leader could be heard, every tab leads.
 */
import { openChannel, type Channel } from '../store/channel.ts';
import { leaderDueAt, nextLeader, type LeaderEvent, type LeaderState } from './leader-state.ts';
import { isVisible, watchPageLife } from './page-life.ts';

export interface LeaderOptions {
  personId: string;
  onLead: () => void;
  onFollow: () => void;
  report: (error: unknown) => void;
}

type Word = { type: 'beat'; visible: boolean } | { type: 'claim' };

export class Leadership {
  readonly #options: LeaderOptions;
  readonly #channel: Channel<Word>;
  #state: LeaderState = { name: 'out', visible: isVisible() };
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends the current request for the lock, waiting or granted. */
  #drop: (() => void) | undefined;
  #stopWatching: (() => void) | undefined;

  constructor(options: LeaderOptions) {
    this.#options = options;
    this.#channel = openChannel<Word>(`leader-${options.personId}`, (word) => this.#hear(word as Word));
  }

  start(): void {
    const { onLead, onFollow } = this.#options;
    if (!('locks' in navigator) || !('BroadcastChannel' in globalThis)) {
      this.#stopWatching = watchPageLife({ onLeave: onFollow, onBack: onLead });
      return onLead();
    }
    this.#stopWatching = watchPageLife({
      onLeave: () => this.#dispatch({ type: 'leave' }),
      onBack: () => this.#dispatch({ type: 'enter' }),
      onSeen: (visible) => this.#dispatch({ type: 'seen', visible }),
    });
    this.#dispatch({ type: 'enter' });
  }

  stop(): void {
    this.#stopWatching?.();
    this.#dispatch({ type: 'leave' });
    this.#channel.close();
  }

  #hear(word: Word): void {
    if (word.type === 'beat' || word.type === 'claim') this.#dispatch(word);
  }

  #dispatch(event: LeaderEvent): void {
    const { state, effects } = nextLeader(this.#state, event, Date.now());
    this.#state = state;
    clearTimeout(this.#timer);
    const at = leaderDueAt(state);
    if (at !== undefined) {
      this.#timer = setTimeout(() => this.#dispatch({ type: 'due' }), Math.max(0, at - Date.now()));
    }
    for (const effect of effects) {
      switch (effect) {
        case 'queue':
          this.#request(false);
          break;
        case 'steal':
          this.#request(true);
          break;
        case 'drop':
          this.#drop?.();
          break;
        case 'lead':
          this.#options.onLead();
          break;
        case 'follow':
          this.#options.onFollow();
          break;
        case 'say-beat':
          this.#channel.say({ type: 'beat', visible: state.visible });
          break;
        case 'say-claim':
          this.#channel.say({ type: 'claim' });
          break;
      }
    }
  }

  #request(steal: boolean): void {
    const waiting = new AbortController();
    const held = Promise.withResolvers<void>();
    let isDropped = false;
    this.#drop = () => {
      isDropped = true;
      waiting.abort();
      held.resolve();
    };
    navigator.locks
      .request(
        `stream-${this.#options.personId}`,
        steal ? { steal } : { signal: waiting.signal },
        async () => {
          if (isDropped) return;
          this.#dispatch({ type: 'granted' });
          await held.promise;
        },
      )
      .catch((error: unknown) => {
        if (isDropped) return;
        // Stolen: another tab took this one for frozen.
        if (!(error instanceof DOMException && error.name === 'AbortError')) this.#options.report(error);
        this.#dispatch({ type: 'lost' });
      });
  }
}
