/**
 * What is of the moment and belongs to no database: the state of the connection, and who is typing.
 * The leading tab knows it and says it to the others by BroadcastChannel.
 */
import { openChannel, type Channel } from '../store/channel.ts';
import type { ConnectionName, ConnectionView } from './connection-view.ts';
import type { ConnectionState } from './connection-types.ts';

/** Typing is said every few seconds while it lasts; after this it is over. */
const typingMs = 5_000;

type Word =
  | { type: 'hello' }
  | { type: 'wake' }
  | { type: 'connection'; view: ConnectionView }
  | { type: 'typing'; personId: string };

/** Dispatches `change` whenever something differs. */
export class Moments extends EventTarget {
  connection: ConnectionView = { name: 'connecting', since: Date.now() };
  /** Ids of persons. */
  readonly typing = new Set<string>();
  readonly #channel: Channel<Word>;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #isLeader = false;

  constructor(personId: string) {
    super();
    this.#channel = openChannel<Word>(`moments-${personId}`, (word) => this.#hear(word as Word));
    this.#channel.say({ type: 'hello' });
  }

  /** This tab has the stream from now on. */
  lead(): void {
    this.#isLeader = true;
  }

  /** Another tab has it; what it knows is asked of it. */
  follow(): void {
    this.#isLeader = false;
    this.#channel.say({ type: 'hello' });
  }

  close(): void {
    this.#channel.close();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** Another tab has reason to believe that the network works again. The leader hears of it. */
  onWake(listener: () => void): () => void {
    this.addEventListener('wake', listener);
    return () => this.removeEventListener('wake', listener);
  }

  askToWake(): void {
    if (!this.#isLeader) this.#channel.say({ type: 'wake' });
  }

  showState(state: ConnectionState): void {
    const name = nameOf(state);
    // Who leads no more has nothing to say of the connection.
    if (!this.#isLeader || name === this.connection.name) return;
    this.#showConnection({ name, since: Date.now() });
    this.#channel.say({ type: 'connection', view: this.connection });
  }

  showTyping(personId: string): void {
    this.#show(personId);
    this.#channel.say({ type: 'typing', personId });
  }

  /** What was being typed has come. */
  endTyping(personId: string): void {
    if (!this.typing.delete(personId)) return;
    clearTimeout(this.#timers.get(personId));
    this.#timers.delete(personId);
    this.#changed();
  }

  #hear(word: Word): void {
    if (word.type === 'typing') this.#show(word.personId);
    if (word.type === 'connection' && !this.#isLeader) this.#showConnection(word.view);
    if (!this.#isLeader) return;
    // Who asks to wake may come back from hours in a cache, and has heard nothing in there.
    if (word.type === 'hello' || word.type === 'wake')
      this.#channel.say({ type: 'connection', view: this.connection });
    if (word.type === 'wake') this.dispatchEvent(new Event('wake'));
  }

  #show(personId: string): void {
    clearTimeout(this.#timers.get(personId));
    this.typing.add(personId);
    this.#timers.set(
      personId,
      setTimeout(() => {
        this.typing.delete(personId);
        this.#timers.delete(personId);
        this.#changed();
      }, typingMs),
    );
    this.#changed();
  }

  #showConnection(view: ConnectionView): void {
    this.connection = view;
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

function nameOf(state: ConnectionState): ConnectionName {
  switch (state.name) {
    case 'live':
    case 'catching-up':
      return state.name;
    case 'refused':
      return state.why;
    case 'connecting':
      // Tried before in vain: for the person that is no longer on the way.
      return state.attempt > 0 ? 'offline' : 'connecting';
    case 'polling':
      // The person need not know how news comes, only that it does.
      if (state.heard === 'all') return 'live';
      if (state.heard === 'something') return 'catching-up';
      return state.attempt > 0 ? 'offline' : 'connecting';
    case 'stopped':
      return 'connecting';
    case 'waiting':
    case 'probing':
      return 'offline';
  }
}
