/**
 * An EventSource for a simulated tab: reconnects by itself after `retry`, with `Last-Event-ID`, and gives up for ever on
 * any answer but 200 `text/event-stream`. (WHATWG HTML, 9.2.3 "Processing model")
 * The way to the server is a parameter, so that the same one works over a simulated network and over a real one.
 */
import { EventStreamParser } from './event-stream-parser.ts';

export interface StreamHandlers {
  onHead: (status: number, contentType: string) => void;
  onBytes: (bytes: Uint8Array) => void;
  /** It is over: ended, cut, or never began. */
  onEnd: () => void;
}

/** Opens a stream; the answer closes it. Nothing is said after that. */
export type OpenStream = (path: string, lastEventId: string, handlers: StreamHandlers) => () => void;

const defaultRetryMs = 3_000;

export class SimulatedEventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  readyState = SimulatedEventSource.CONNECTING;
  onerror: ((event: Event) => void) | null = null;
  onopen: ((event: Event) => void) | null = null;
  readonly #path: string;
  readonly #open: OpenStream;
  #retryMs = defaultRetryMs;
  #lastEventId = '';
  #disconnect: (() => void) | undefined;

  constructor(path: string, open: OpenStream) {
    super();
    this.#path = path;
    this.#open = open;
    this.#connect();
  }

  close(): void {
    this.readyState = SimulatedEventSource.CLOSED;
    this.#disconnect?.();
  }

  #connect(): void {
    const parser = new EventStreamParser(({ kind, data, lastEventId }) => {
      this.#lastEventId = lastEventId;
      if (this.readyState !== SimulatedEventSource.CLOSED) {
        this.dispatchEvent(new MessageEvent(kind, { data, lastEventId }));
      }
    }, this.#lastEventId);
    this.#disconnect = this.#open(this.#path, this.#lastEventId, {
      onHead: (status, contentType) => {
        if (status === 200 && contentType.startsWith('text/event-stream')) {
          this.readyState = SimulatedEventSource.OPEN;
          this.onopen?.(new Event('open'));
          return;
        }
        this.close();
        this.onerror?.(new Event('error'));
      },
      onBytes: (bytes) => {
        parser.push(bytes);
        this.#lastEventId = parser.lastEventId;
        this.#retryMs = parser.retryMs ?? this.#retryMs;
      },
      onEnd: () => this.#reconnect(),
    });
  }

  #reconnect(): void {
    if (this.readyState === SimulatedEventSource.CLOSED) return;
    this.readyState = SimulatedEventSource.CONNECTING;
    this.onerror?.(new Event('error'));
    setTimeout(() => {
      if (this.readyState === SimulatedEventSource.CONNECTING) this.#connect();
    }, this.#retryMs);
  }
}
