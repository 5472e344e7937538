/**
 * A device's event stream on a bare socket, cheap enough to have a thousand of them. It does what a browser's
 * EventSource does: comes back after the last `retry:` that it was told, also when it is refused, with its last id.
 */
import net from 'node:net';
import type { ApiPerson } from './person.ts';

export class FollowerSocket {
  readonly #person: ApiPerson;
  readonly #port: number;
  #socket: net.Socket | undefined;
  #text = '';
  #lastId = '';
  #isLeaving = false;
  #acked = Promise.withResolvers<void>();
  /** As the server last said. */
  retryMs = 3_000;
  /** When it last got an `ack`, by performance.now(). */
  ackedAt = 0;
  /** When it was last told to come back as its stream ended. */
  toldMs = 0;
  /** How often nobody was there to answer. */
  refusals = 0;

  constructor(person: ApiPerson, port: number) {
    this.#person = person;
    this.#port = port;
    this.#connect();
  }

  /** The next `ack`. */
  get acked(): Promise<void> {
    return this.#acked.promise;
  }

  leave(): void {
    this.#isLeaving = true;
    this.#socket?.destroy();
  }

  #connect(): void {
    if (this.#isLeaving) return;
    const socket = net.connect(this.#port, '127.0.0.1');
    this.#socket = socket;
    this.#text = '';
    const last = this.#lastId === '' ? '' : `Last-Event-ID: ${this.#lastId}\r\n`;
    const head = `GET /api/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n`;
    socket.write(`${head}Cookie: ${this.#person.cookie}\r\n${last}\r\n`);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(text));
    // A clean end leaves the other half open, as HTTP does.
    socket.on('end', () => socket.destroy());
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') this.refusals += 1;
    });
    socket.on('close', () => {
      this.toldMs = this.retryMs;
      setTimeout(() => this.#connect(), this.retryMs);
    });
  }

  /** Only what concerns the connection; chunk sizes of HTTP stand on lines of their own and say nothing here. */
  #read(text: string): void {
    this.#text += text;
    const whole = this.#text.lastIndexOf('\n') + 1;
    for (const line of this.#text.slice(0, whole).split('\n')) {
      if (line.startsWith('retry: ')) this.retryMs = Number(line.slice('retry: '.length));
      if (line.startsWith('id: ')) this.#lastId = line.slice('id: '.length);
      if (line === 'event: ack') this.#onAck();
    }
    this.#text = this.#text.slice(whole);
  }

  #onAck(): void {
    this.ackedAt = performance.now();
    this.#acked.resolve();
    this.#acked = Promise.withResolvers();
  }
}
