/** Reads an event stream as a program would, event by event. */
import assert from 'node:assert/strict';
import type { ApiPerson } from './person.ts';

export interface ReadEvent {
  id: string | undefined;
  event: string;
  data: Record<string, unknown>;
}

export class SseReader {
  readonly response: Response;
  readonly #abort: AbortController;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = '';
  /** The last `retry:` that was said, in ms. */
  retryMs: number | undefined;

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    this.#chunks = (response.body as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  }

  static async open(person: ApiPerson, query = '', headers: Record<string, string> = {}): Promise<SseReader> {
    const abort = new AbortController();
    const response = await person.request(`/api/events${query}`, {
      headers: { Accept: 'text/event-stream', ...headers },
      signal: abort.signal,
    });
    return new SseReader(response, abort);
  }

  /** The next event, or undefined at the end of the stream. */
  async next(): Promise<ReadEvent | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end < 0) {
        const { value, done } = await this.#chunks.next();
        if (done) return undefined;
        this.#text += this.#decoder.decode(value, { stream: true });
        continue;
      }
      const frame = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 2);
      const fields = new Map(frame.split('\n').map((line) => splitField(line)));
      if (fields.has('retry')) this.retryMs = Number(fields.get('retry'));
      const event = fields.get('event');
      if (event === undefined) continue;
      return {
        id: fields.get('id'),
        event,
        data: JSON.parse(fields.get('data')!) as Record<string, unknown>,
      };
    }
  }

  /** The next event of a kind; others before it are passed over. */
  async nextOf(kind: string): Promise<ReadEvent> {
    for (;;) {
      const event = await this.next();
      assert.ok(event, `the stream ended before ${kind}`);
      if (event.event === kind) return event;
    }
  }

  close(): void {
    this.#abort.abort();
  }
}

function splitField(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
}
