/** HTTP and server-sent events, by hand: a socket for the stream, and another, kept alive, for what is sent. */
import type net from 'node:net';
import { dial, type Device, type Draft, type Listening, type Wire } from './wire.ts';

export const httpWire: Wire = {
  echoes: true,
  connect(port, { nick, after, onEvent }: Listening): Device {
    const ready = Promise.withResolvers<void>();
    const stream = dial(port);
    const position = after === undefined ? '' : `Last-Event-ID: ${after}\r\n`;
    stream.write(
      `GET /api/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n${cookie(nick)}${position}\r\n`,
    );
    const read = eventReader((event) => {
      if (/^event: ?heartbeat/m.test(event)) ready.resolve();
      onEvent(event);
    });
    const opened = Promise.withResolvers<void>();
    stream.once('data', () => opened.resolve());
    stream.on('data', read);
    stream.on('error', ready.reject);
    stream.on('close', () => ready.reject(new Error('The stream was closed.')));
    let requests: Requests | undefined;
    const post = (path: string, body: unknown) => (requests ??= new Requests(port, nick)).post(path, body);
    // Who closes it meanwhile did not mean to wait for it.
    ready.promise.catch(() => undefined);
    return {
      opened: Promise.race([opened.promise, ready.promise]),
      ready: ready.promise,
      send: (messages: readonly Draft[]) => post('/api/messages', { messages }),
      announce: (name) => post('/api/session', { nick: name }),
      close() {
        stream.destroy();
        requests?.close();
      },
    };
  },
};

function cookie(nick: string): string {
  return `Cookie: ot=${nick}\r\n`;
}

/** Takes the head off, the chunks, where there are any, apart, and the events out of them. */
export function eventReader(onEvent: (event: string) => void): (bytes: Buffer) => void {
  let isHeadRead = false;
  let isChunked = false;
  /** What has come of a line of the head or of a chunk's size. */
  let line = '';
  let leftOfChunk = 0;
  let text = '';

  return (bytes) => {
    for (let at = 0; at < bytes.length;) {
      if (leftOfChunk > 0) {
        const end = Math.min(bytes.length, at + leftOfChunk);
        text += bytes.toString('latin1', at, end);
        leftOfChunk -= end - at;
        at = end;
        continue;
      }
      const newline = bytes.indexOf(10, at);
      line += bytes.toString('latin1', at, newline < 0 ? bytes.length : newline);
      if (newline < 0) break;
      at = newline + 1;
      if (isHeadRead) leftOfChunk = Number.parseInt(line, 16) || 0;
      else if (line === '\r') {
        isHeadRead = true;
        if (!isChunked) leftOfChunk = Infinity;
      } else if (/^transfer-encoding: *chunked/i.test(line)) isChunked = true;
      else if (line.startsWith('HTTP/') && !line.includes(' 200 '))
        throw new Error(`A stream began with ${line}`);
      line = '';
    }
    let from = 0;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n', from)) {
      onEvent(text.slice(from, end));
      from = end + 2;
    }
    if (from > 0) text = text.slice(from);
  };
}

/** Requests one after the other over one socket. */
export class Requests {
  readonly #socket: net.Socket;
  readonly #nick: string;
  #answer = '';
  #waiting: PromiseWithResolvers<void> | undefined;

  constructor(port: number, nick: string) {
    this.#nick = nick;
    this.#socket = dial(port);
    this.#socket.on('data', (bytes: Buffer) => this.#read(bytes.toString('latin1')));
    this.#socket.on('error', (error) => this.#waiting?.reject(error));
    this.#socket.on('close', () => this.#waiting?.reject(new Error('The connection was closed.')));
  }

  post(path: string, body: unknown): Promise<void> {
    if (this.#waiting) return Promise.reject(new Error('The last request has no answer yet.'));
    this.#waiting = Promise.withResolvers();
    const json = JSON.stringify(body);
    this.#socket.write(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${cookie(this.#nick)}Content-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
    );
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(part: string): void {
    this.#answer += part;
    const head = this.#answer.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#answer.slice(0, head + 2));
    if (this.#answer.length < head + 4 + Number(length?.[1] ?? 0)) return;
    const answer = this.#answer;
    const waiting = this.#waiting;
    this.#answer = '';
    this.#waiting = undefined;
    if (isTaken(answer)) waiting?.resolve();
    else waiting?.reject(new Error(`A request was answered with ${answer.slice(0, 300)}`));
  }
}

function isTaken(answer: string): boolean {
  return answer.startsWith('HTTP/1.1 20') && !answer.includes('"rejected"');
}
