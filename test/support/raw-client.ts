/** A client at the level of TCP: says a little HTTP, keeps all that it hears, and knows how its connection ended. */
import assert from 'node:assert/strict';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A connection of a client, and all that came over it. */
export class RawClient {
  readonly socket: net.Socket;
  text = '';
  ended: 'no' | 'end' | 'reset' = 'no';
  /** How long after `ask` each byte came, in ms. */
  arrivals: number[] = [];
  #askedAt = performance.now();

  constructor(port: number) {
    this.socket = net.connect(port, '127.0.0.1');
    this.socket.on('data', (bytes) => {
      this.text += bytes.toString('latin1');
      this.arrivals.push(performance.now() - this.#askedAt);
    });
    this.socket.on('end', () => (this.ended = 'end'));
    this.socket.on('error', () => (this.ended = 'reset'));
  }

  ask(path: string, body = ''): this {
    this.#askedAt = performance.now();
    const method = body ? 'POST' : 'GET';
    this.socket.write(
      `${method} ${path} HTTP/1.1\r\nHost: here\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    return this;
  }

  async hears(part: string): Promise<void> {
    await until(() => this.text.includes(part), `to hear ${part}, heard ${this.text.slice(0, 300)}`);
  }

  async closes(): Promise<string> {
    await until(() => this.ended !== 'no', 'the connection to end');
    return this.ended;
  }
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, `waited in vain for ${what}`);
    await wait(5);
  }
}
