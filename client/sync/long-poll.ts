/**
 * The long poll: asks for the inbox after the stored cursor, stores a whole batch with the cursor behind it, asks again.
 * For networks that hold event streams back. When it runs is connection-state.ts's decision; it ends at any failure.
 *
 * A batch has no `ack` that says whose it is. It needs none: the server takes a cursor only for the inbox in which it
 * drew it, and answers anybody else's with `reset`; so before a reset is believed, it is asked who is signed in.
 */
import { parseEvent, type EventBatch, type StreamEvent } from '../../server/protocol/events.ts';
import type { LoggedStreamEvent } from '../store/timeline.ts';
import type { ConnectionEvent, ProbeResult } from './connection-types.ts';

export interface LongPollOptions {
  /** The stored cursor. A snapshot is fetched first if there is none. */
  cursor: (signal: AbortSignal) => Promise<string>;
  fetchEvents: (after: string, waitSeconds: number, signal: AbortSignal) => Promise<EventBatch | undefined>;
  probe: (signal: AbortSignal) => Promise<ProbeResult>;
  /** The server answers. */
  onConnected: () => void;
  /** Stores events and the cursor behind them, in one transaction. */
  store: (events: LoggedStreamEvent[], cursor: string) => Promise<void>;
  /** All that was in the inbox when the poll began is stored. */
  onCaughtUp: () => Promise<void>;
  onReset: (reset: Extract<StreamEvent, { kind: 'reset' }>) => Promise<unknown>;
  dispatch: (event: ConnectionEvent) => void;
  report: (error: unknown) => void;
}

/** Below what proxies cut off for being idle, 30 s and more. */
const waitSeconds = 25;
/** An empty answer that comes sooner did not wait: a cache, perhaps. It must not make us ask without pause. */
const soonMs = 1_000;

export class LongPoll {
  readonly #options: LongPollOptions;
  #run: AbortController | undefined;

  constructor(options: LongPollOptions) {
    this.#options = options;
  }

  /** Begins anew; what a request from before may still bring is dropped. */
  start(): void {
    this.stop();
    this.#run = new AbortController();
    const { signal } = this.#run;
    this.#poll(signal).catch((error: unknown) => {
      if (signal.aborted) return;
      this.#options.report(error);
      this.#options.dispatch({ type: 'poll-failed' });
    });
  }

  stop(): void {
    this.#run?.abort();
    this.#run = undefined;
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { cursor, fetchEvents, onConnected, store, onCaughtUp, dispatch } = this.#options;
    let isFirst = true;
    let isBehind = true;
    for (;;) {
      const after = await cursor(signal);
      const askedAt = Date.now();
      // The first is answered at once, so that it is known whether this works.
      const batch = signal.aborted ? undefined : await fetchEvents(after, isFirst ? 0 : waitSeconds, signal);
      if (signal.aborted) return;
      if (!batch) return dispatch({ type: 'poll-failed' });
      const events = batch.events.map(({ id, event, data }) => ({ id, event: parseEvent(event, data) }));
      const reset = events.find(({ event }) => event?.kind === 'reset')?.event;
      if (reset?.kind === 'reset') return this.#reset(reset, signal);
      if (isFirst) onConnected();
      if (batch.cursor !== after) await store(events, batch.cursor);
      if (signal.aborted) return;
      if (isBehind && !batch.more) {
        isBehind = false;
        await onCaughtUp();
      }
      dispatch({ type: 'polled', more: batch.more });
      if (!isFirst && events.length === 0 && Date.now() - askedAt < soonMs) await pause(soonMs);
      isFirst = false;
    }
  }

  async #reset(reset: Extract<StreamEvent, { kind: 'reset' }>, signal: AbortSignal): Promise<void> {
    const { probe, onReset, dispatch } = this.#options;
    const { result } = await probe(signal);
    if (signal.aborted) return;
    if (result !== 'signed-in') return dispatch({ type: 'poll-failed' });
    await onReset(reset);
    if (!signal.aborted) dispatch({ type: 'reopen' });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
