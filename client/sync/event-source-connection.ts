/**
 * The EventSource wrapper: a thin shell of sockets and timers around connection-state.ts.
 * It resumes from the stored cursor, hands events over in order, one at a time, and knows nothing of what they mean.
 */
import { eventKinds, parseEvent, type StreamEvent } from '../../server/protocol/events.ts';
import { dueAt, next, type ConnectionEvent, type ConnectionState } from './connection-state.ts';

export interface ConnectionOptions {
  /** UUID of this page, so that the server can end an older stream of it. */
  pageId: string;
  /** The stored cursor, read anew at each opening. A snapshot is fetched first if there is none. */
  cursor: () => Promise<string>;
  /**
   * Takes one event in; the next waits for it. `id` only for events of the log.
   * 'reopen' to go on from the stored cursor; what throws does the same, and is reported.
   */
  receive: (event: StreamEvent | undefined, id: string | undefined) => Promise<'ok' | 'reopen'>;
  /** Is it the network or the session? */
  probe: () => Promise<Extract<ConnectionEvent, { type: 'probed' }>['result']>;
  onState: (state: ConnectionState) => void;
  report: (error: unknown) => void;
}

export class EventSourceConnection {
  #state: ConnectionState = { name: 'stopped' };
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts openings, so that what belongs to an earlier one is dropped. */
  #opening = 0;
  #incoming: Promise<void> = Promise.resolve();
  readonly #options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  dispatch(event: ConnectionEvent): void {
    const { state, effects } = next(this.#state, event, Date.now(), Math.random());
    const before = this.#state;
    this.#state = state;
    for (const effect of effects) {
      if (effect === 'close' || effect === 'open') this.#close();
      if (effect === 'open') void this.#open();
      if (effect === 'probe') void this.#probe();
    }
    this.#schedule();
    if (before !== state) this.#options.onState(state);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const at = dueAt(this.#state);
    if (at !== undefined) {
      this.#timer = setTimeout(() => this.dispatch({ type: 'due' }), Math.max(0, at - Date.now()));
    }
  }

  #close(): void {
    this.#opening += 1;
    this.#source?.close();
    this.#source = undefined;
  }

  async #open(): Promise<void> {
    const opening = this.#opening;
    let cursor: string;
    try {
      // What is still being stored moves the cursor.
      await this.#incoming;
      cursor = await this.#options.cursor();
    } catch (error) {
      this.#options.report(error);
      if (opening === this.#opening) this.dispatch({ type: 'failed', closed: true });
      return;
    }
    if (opening !== this.#opening) return;
    const query = new URLSearchParams({ after: cursor, stream: this.#options.pageId });
    const source = new EventSource(`/api/events?${query}`);
    this.#source = source;
    source.onerror = () => {
      const closed = source.readyState === EventSource.CLOSED;
      this.#incoming = this.#incoming.then(() => {
        if (opening === this.#opening) this.dispatch({ type: 'failed', closed });
      });
    };
    for (const kind of eventKinds) {
      source.addEventListener(kind, (message: MessageEvent<string>) => {
        if (opening !== this.#opening) return;
        this.dispatch({ type: 'heard' });
        this.#incoming = this.#incoming.then(() => this.#receive(opening, kind, message));
      });
    }
  }

  async #receive(opening: number, kind: string, message: MessageEvent<string>): Promise<void> {
    if (opening !== this.#opening) return;
    try {
      const event = parseEvent(kind, JSON.parse(message.data));
      // `ack` and `reset` carry ids that are never stored; others without an id repeat the last one.
      const isLogged = kind === 'inbox' || kind === 'receipt';
      if (event?.kind === 'ack') this.dispatch({ type: 'ack', heartbeatMs: event.data.heartbeat * 1000 });
      const outcome = await this.#options.receive(event, isLogged ? message.lastEventId : undefined);
      if (opening !== this.#opening) return;
      if (outcome === 'reopen') this.dispatch({ type: 'reopen' });
      else if (event?.kind === 'heartbeat') this.dispatch({ type: 'caught-up' });
    } catch (error) {
      this.#options.report(error);
      if (opening === this.#opening) this.dispatch({ type: 'failed', closed: true });
    }
  }

  async #probe(): Promise<void> {
    const opening = this.#opening;
    const result = await this.#options.probe();
    if (opening === this.#opening) this.dispatch({ type: 'probed', result });
  }
}
