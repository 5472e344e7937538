/**
 * One open event stream: frames out, back-pressure in. (WHATWG HTML, section 9.2, server-sent events.)
 *
 * It buffers nothing by itself: whoever has log events to write waits for `writeLogged` to resolve, and a slow reader
 * thereby lags in the log. What is of the moment is dropped while the reader lags; presence is coalesced instead.
 */
import type { ServerResponse } from 'node:http';

export { frame } from '../protocol/frame.ts';

/** A reader that takes nothing for so long is gone. */
const drainTimeoutMs = 60_000;

export class EventStream {
  /** Aborted when the stream has ended, whoever ended it. */
  readonly ended: AbortSignal;
  readonly #response: ServerResponse;
  readonly #end = new AbortController();
  #isLagging = false;
  /** Latest presence of each person that could not be said yet. */
  readonly #pendingPresence = new Map<string, string>();

  constructor(response: ServerResponse) {
    this.#response = response;
    this.ended = this.#end.signal;
    // Who went before is not heard to go.
    if (response.closed) this.#end.abort();
    response.on('close', () => this.#end.abort());
    response.on('error', () => this.#end.abort());
    response.on('drain', () => {
      this.#isLagging = false;
      this.#flushPresence();
    });
  }

  open(): void {
    this.#response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    });
    // A byte at once: Firefox reports an open stream only then, and so do some proxies.
    this.#response.flushHeaders();
  }

  /** Writes, and resolves when the reader can take more. False if the stream ended meanwhile. */
  async writeLogged(frames: string): Promise<boolean> {
    if (this.ended.aborted) return false;
    if (this.#write(frames)) return true;
    return this.#drained();
  }

  /** Something of the moment: typing, a heartbeat. Dropped while the reader lags. */
  writeMoment(frames: string): void {
    if (!this.#isLagging && !this.ended.aborted) this.#write(frames);
  }

  /** Presence of persons: the latest of each is said as soon as the reader can take it. `together`: the same in one. */
  writePresence(latest: ReadonlyMap<string, string>, together: string): void {
    if (!this.#isLagging) return this.writeMoment(together);
    for (const [personId, frames] of latest) this.#pendingPresence.set(personId, frames);
  }

  /** Ends cleanly. `retryMs`: when the browser shall come back by itself. */
  end(retryMs?: number): void {
    if (this.ended.aborted) return;
    this.#response.end(retryMs === undefined ? undefined : `retry: ${retryMs}\n\n`);
    this.#end.abort();
    // An end that waits behind a stalled reader's buffer would wait for ever.
    if (this.#isLagging) this.#response.destroy();
  }

  #write(frames: string): boolean {
    const hasRoom = this.#response.write(frames);
    if (!hasRoom) this.#isLagging = true;
    return hasRoom;
  }

  #flushPresence(): void {
    for (const frames of this.#pendingPresence.values()) this.writeMoment(frames);
    this.#pendingPresence.clear();
  }

  #drained(): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isDrained: boolean) => {
        clearTimeout(timer);
        this.#response.off('drain', onDrain);
        this.ended.removeEventListener('abort', onEnd);
        resolve(isDrained);
      };
      const onDrain = () => settle(true);
      const onEnd = () => settle(false);
      const timer = setTimeout(() => {
        this.#response.destroy();
        settle(false);
      }, drainTimeoutMs);
      this.#response.on('drain', onDrain);
      this.ended.addEventListener('abort', onEnd);
    });
  }
}
