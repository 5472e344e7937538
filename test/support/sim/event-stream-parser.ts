/**
 * Bytes of an event stream → events, as a browser does it. (WHATWG HTML, 9.2.6 "Interpreting an event stream")
 * Only what a blank line has closed is an event; whatever stands behind the last blank line when the stream ends is not.
 */

export interface ParsedEvent {
  kind: string;
  data: string;
  lastEventId: string;
}

export class EventStreamParser {
  /** The id to come back with: adopted when an event is dispatched, never of a half one. */
  lastEventId: string;
  /** The last `retry:`, in ms. */
  retryMs: number | undefined;
  readonly #onEvent: (event: ParsedEvent) => void;
  readonly #decoder = new TextDecoder();
  #text = '';
  #isAfterCarriageReturn = false;
  #kind = '';
  #data = '';
  #id: string;

  constructor(onEvent: (event: ParsedEvent) => void, lastEventId = '') {
    this.#onEvent = onEvent;
    this.lastEventId = lastEventId;
    this.#id = lastEventId;
  }

  push(bytes: Uint8Array): void {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    for (;;) {
      // The \n of a \r\n that was split between two chunks belongs to the line before.
      if (this.#isAfterCarriageReturn && this.#text !== '') {
        if (this.#text.startsWith('\n')) this.#text = this.#text.slice(1);
        this.#isAfterCarriageReturn = false;
      }
      const end = this.#text.search(/[\r\n]/);
      if (end < 0) return;
      const line = this.#text.slice(0, end);
      this.#isAfterCarriageReturn = this.#text[end] === '\r';
      this.#text = this.#text.slice(end + 1);
      this.#takeLine(line);
    }
  }

  #takeLine(line: string): void {
    if (line === '') return this.#dispatch();
    if (line.startsWith(':')) return;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const rest = colon < 0 ? '' : line.slice(colon + 1);
    const value = rest.startsWith(' ') ? rest.slice(1) : rest;
    if (field === 'event') this.#kind = value;
    if (field === 'data') this.#data += `${value}\n`;
    if (field === 'id' && !value.includes('\0')) this.#id = value;
    if (field === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
  }

  #dispatch(): void {
    this.lastEventId = this.#id;
    const kind = this.#kind === '' ? 'message' : this.#kind;
    const data = this.#data;
    this.#kind = '';
    this.#data = '';
    if (data === '') return;
    this.#onEvent({ kind, data: data.slice(0, -1), lastEventId: this.lastEventId });
  }
}
