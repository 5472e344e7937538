/**
 * The EventSource wrapper: a thin shell of sockets and timers around connection-state.ts.
 * It resumes from the stored cursor, hands events over in order, those of the log in batches (what came while the last
 * batch was being stored is stored together), and knows nothing of what they mean.
 * Where no stream comes through, long-poll.ts does the same by asking.
 */
import { eventKinds, parseEvent, type StreamEvent } from '../../server/protocol/events.ts';
import { dueAt, next } from './connection-state.ts';
import type { ConnectionEvent, ConnectionState, ProbeResult } from './connection-types.ts';
import { LongPoll, type LongPollOptions } from './long-poll.ts';

export interface ConnectionOptions extends Omit<LongPollOptions, 'dispatch'> {
  /** UUID of this page, so that the server can end an older stream of it. */
  pageId: string;
  /** The stored cursor, read anew at each opening. A snapshot is fetched first if there is none. */
  cursor: (signal: AbortSignal) => Promise<string>;
  /**
   * Takes in one event that is not of the log; the next waits for it. Those of the log go to `store`.
   * 'reopen' to go on from the stored cursor; what throws does the same, and is reported.
   */
  receive: (event: StreamEvent | undefined) => Promise<'ok' | 'reopen'>;
  /** Is it the network or the session? */
  probe: (signal: AbortSignal) => Promise<ProbeResult>;
  onState: (state: ConnectionState) => void;
  report: (error: unknown) => void;
}

/** As it came from the stream. */
interface Incoming {
  kind: string;
  message: MessageEvent<string>;
}

/** So many events of the log, or characters of them, are stored together at most. */
const mostTogether = 200;
const mostChars = 64 * 1024;
/** `ack` and `reset` carry ids that are never stored; other kinds without an id repeat the last one. */
const isLogged = ({ kind }: Incoming) => loggedKinds.has(kind);
const loggedKinds = new Set(['inbox', 'receipt', 'user_deleted']);

/** A timer sleeps with the device; looking at the clock so often, silence is noticed soon after it wakes up. */
const longestNapMs = 5_000;

export class EventSourceConnection {
  #state: ConnectionState = { name: 'stopped' };
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the timer runs for. */
  #dueAt: number | undefined;
  /** Ended with each closing, so that what belongs to an earlier opening is dropped. */
  #opening = new AbortController();
  #incoming: Promise<void> = Promise.resolve();
  /** Came, and is not taken in yet; oldest first. */
  #waiting: Incoming[] = [];
  /** How many of them may be stored together: where a device is nearly full, there is room for one, but not for many. */
  #together = mostTogether;
  readonly #poll: LongPoll;
  readonly #options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#poll = new LongPoll({ ...options, dispatch: (event) => this.dispatch(event) });
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
      if (effect === 'open') void this.#open(this.#opening.signal);
      if (effect === 'probe') void this.#probe(this.#opening.signal);
      if (effect === 'poll') this.#poll.start();
      if (effect === 'end-poll') this.#poll.stop();
    }
    this.#schedule();
    if (before !== state) this.#options.onState(state);
  }

  #schedule(): void {
    const at = dueAt(this.#state);
    // What is counting down goes on: measured anew, it could be hours away by a clock that was put back.
    if (at === this.#dueAt) return;
    this.#dueAt = at;
    clearTimeout(this.#timer);
    if (at !== undefined) this.#nap(at, at - Date.now());
  }

  /** `leftMs` counts down by itself, so that a clock that is put back makes nothing late. */
  #nap(at: number, leftMs: number): void {
    const napMs = Math.max(0, Math.min(leftMs, longestNapMs));
    this.#timer = setTimeout(() => {
      const nowLeftMs = Math.min(leftMs - napMs, at - Date.now());
      if (nowLeftMs > 0) return this.#nap(at, nowLeftMs);
      this.#dueAt = undefined;
      this.dispatch({ type: 'due' });
    }, napMs);
  }

  #close(): void {
    this.#opening.abort();
    this.#opening = new AbortController();
    this.#waiting = [];
    this.#together = mostTogether;
    this.#source?.close();
    this.#source = undefined;
  }

  async #open(opening: AbortSignal): Promise<void> {
    let cursor: string;
    try {
      // What is still being stored moves the cursor.
      await this.#incoming;
      cursor = await this.#options.cursor(opening);
    } catch (error) {
      if (opening.aborted) return;
      this.#options.report(error);
      this.dispatch({ type: 'failed', closed: true });
      return;
    }
    if (opening.aborted) return;
    const query = new URLSearchParams({ after: cursor, stream: this.#options.pageId });
    const source = new EventSource(`/api/events?${query}`);
    this.#source = source;
    this.dispatch({ type: 'opened' });
    source.onerror = () => {
      const closed = source.readyState === EventSource.CLOSED;
      this.#incoming = this.#incoming.then(() => {
        if (!opening.aborted) this.dispatch({ type: 'failed', closed });
      });
    };
    for (const kind of eventKinds) {
      source.addEventListener(kind, (message: MessageEvent<string>) => {
        if (opening.aborted) return;
        this.dispatch({ type: 'heard' });
        this.#waiting.push({ kind, message });
        this.#incoming = this.#incoming.then(() => this.#takeIn(opening));
      });
    }
  }

  async #takeIn(opening: AbortSignal): Promise<void> {
    const [first] = this.#waiting;
    if (opening.aborted || !first) return; // taken in with the one before
    try {
      if (isLogged(first)) await this.#store();
      else await this.#receive(opening, this.#waiting.shift()!);
    } catch (error) {
      if (opening.aborted) return;
      this.#options.report(error);
      this.dispatch({ type: 'failed', closed: true });
    }
  }

  async #store(): Promise<void> {
    let chars = 0;
    const end = this.#waiting.findIndex((incoming, index) => {
      chars += incoming.message.data.length;
      return index === this.#together || !isLogged(incoming) || (index > 0 && chars > mostChars);
    });
    const together = this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
    const events = together.map(({ kind, message }) => ({
      id: message.lastEventId,
      event: parseEvent(kind, JSON.parse(message.data)),
    }));
    try {
      await this.#options.store(events, events.at(-1)!.id);
    } catch (error) {
      if (events.length === 1) throw error;
      this.#together = 1;
      for (const event of events) await this.#options.store([event], event.id);
    }
  }

  async #receive(opening: AbortSignal, { kind, message }: Incoming): Promise<void> {
    const event = parseEvent(kind, JSON.parse(message.data));
    if (event?.kind === 'ack') this.dispatch({ type: 'ack', heartbeatMs: event.data.heartbeat * 1000 });
    const outcome = await this.#options.receive(event);
    if (opening.aborted) return;
    if (outcome === 'reopen') this.dispatch({ type: 'reopen' });
    else if (event?.kind === 'heartbeat') this.dispatch({ type: 'caught-up' });
  }

  async #probe(opening: AbortSignal): Promise<void> {
    const answer = await this.#options.probe(opening);
    if (!opening.aborted) this.dispatch({ type: 'probed', ...answer });
  }
}
