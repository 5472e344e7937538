/**
 * One open event stream: frames out, back-pressure in. (WHATWG HTML, section 9.2, server-sent events.)
 *
 * It buffers nothing by itself: whoever has log events to write waits for `writeLogged` to resolve, and a slow reader
 * thereby lags in the log. What is of the moment is dropped while the reader lags; presence is coalesced instead.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { chunk, lastChunk, takeSocket } from './stream-socket.ts';

/** A reader that takes nothing for so long is gone. */
const drainTimeoutMs = 60_000;
/** How long the last words may take. */
const endTimeoutMs = 5_000;

/** Frames that go to many, made ready once for all of them. */
export class SharedFrames {
  readonly text: string;
  #chunk: Buffer | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get chunk(): Buffer {
    return (this.#chunk ??= Buffer.from(chunk(this.text)));
  }
}

/** What is only there while a reader lags. */
interface Lag {
  beganMs: number;
  timer: NodeJS.Timeout;
  /** Latest presence of each person that could not be said yet. */
  presence: Map<string, string>;
  /** Who waits to write on. */
  onOver: ((isDrained: boolean) => void) | undefined;
}

/** Whose the stream is. */
export interface StreamOwner {
  /** Called once, whoever ended the stream. */
  ended(): void;
}

export class EventStream {
  #response: ServerResponse | undefined;
  #socket: Socket | undefined;
  #lag: Lag | undefined;
  #owner: StreamOwner | undefined;
  #hasEnded = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** For how long the reader has taken nothing, 0 if it does. */
  get lagMs(): number {
    return this.#lag ? performance.now() - this.#lag.beganMs : 0;
  }

  open(): void {
    const response = this.#response!;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
      // Nothing is asked on this connection again.
      Connection: 'close',
    });
    // A byte at once: Firefox reports an open stream only then, and so do some proxies.
    response.flushHeaders();
    this.#socket = takeSocket(response);
    if (this.#socket) this.#response = undefined;
    const out = this.#out;
    out.on('close', () => this.#ended());
    if (this.#response) out.on('error', () => this.#ended());
    // Who went before is not heard to go.
    if (out.closed || out.destroyed) this.#ended();
  }

  /** From now on the owner hears when the stream ends; at once if it has already. */
  set owner(owner: StreamOwner) {
    if (this.#hasEnded) owner.ended();
    else this.#owner = owner;
  }

  /** Writes, and resolves when the reader can take more. False if the stream ended meanwhile. */
  async writeLogged(frames: string): Promise<boolean> {
    if (this.#hasEnded) return false;
    if (this.#write(this.#socket ? chunk(frames) : frames)) return true;
    return new Promise((resolve) => (this.#lag!.onOver = resolve));
  }

  /** Something of the moment: typing, a heartbeat. Dropped while the reader lags. */
  writeMoment(frames: SharedFrames): void {
    if (!this.#lag && !this.#hasEnded) this.#write(this.#socket ? frames.chunk : frames.text);
  }

  /** Presence of persons: the latest of each is said as soon as the reader can take it. `together`: the same in one. */
  writePresence(latest: ReadonlyMap<string, string>, together: SharedFrames): void {
    if (!this.#lag) return this.writeMoment(together);
    for (const [personId, frames] of latest) this.#lag.presence.set(personId, frames);
  }

  /** Ends cleanly. `retryMs`: when the browser shall come back by itself. */
  end(retryMs?: number): void {
    if (this.#hasEnded) return;
    const lastWords = retryMs === undefined ? '' : `retry: ${retryMs}\n\n`;
    // An end that waits behind a stalled reader's buffer would wait for ever.
    if (this.#lag) this.#out.destroy();
    else if (this.#socket) endSocket(this.#socket, lastWords);
    else this.#response!.end(lastWords);
    this.#ended();
  }

  get #out(): Socket | ServerResponse {
    return this.#socket ?? this.#response!;
  }

  #write(framed: string | Buffer): boolean {
    const hasRoom = this.#out.write(framed);
    if (!hasRoom) this.#fallBehind();
    return hasRoom;
  }

  #fallBehind(): void {
    if (this.#lag) return;
    const timer = setTimeout(() => this.#out.destroy(), drainTimeoutMs);
    this.#lag = { beganMs: performance.now(), timer, presence: new Map(), onOver: undefined };
    this.#out.once('drain', () => {
      const lag = this.#endLag(true);
      if (lag?.presence.size) this.writeMoment(new SharedFrames([...lag.presence.values()].join('')));
    });
  }

  #endLag(isDrained: boolean): Lag | undefined {
    const lag = this.#lag;
    this.#lag = undefined;
    clearTimeout(lag?.timer);
    lag?.onOver?.(isDrained);
    return lag;
  }

  #ended(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#endLag(false);
    this.#owner?.ended();
    this.#owner = undefined;
  }
}

function endSocket(socket: Socket, lastWords: string): void {
  socket.write(`${lastWords === '' ? '' : chunk(lastWords)}${lastChunk}`);
  socket.setTimeout(endTimeoutMs, () => socket.destroy());
  socket.destroySoon();
}
