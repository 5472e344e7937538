/**
 * One connection through the fault proxy: the client's socket, the server's, and a lane each way; and what happens to
 * single requests and answers on it. Which faults there are to come, the proxy knows.
 */
import { STATUS_CODES } from 'node:http';
import net from 'node:net';
import { Lane, type Weather } from './fault-lane.ts';
import { HttpReader } from './http-reader.ts';

export interface InjectedAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export interface Injection {
  match: string;
  answer: InjectedAnswer;
  times: number;
}

/** What is to happen to the next ones it fits. A link takes out what it has used up. */
export interface Faults {
  losing?: string | undefined;
  cutting?: string | undefined;
  duplicating?: string | undefined;
  injections: Injection[];
}

interface LinkEvents {
  onRequest: (head: string, link: Link) => void;
  onBytes: (way: 'up' | 'down', bytes: Buffer) => void;
  onClosed: () => void;
}

export class Link {
  readonly openedAt = performance.now();
  /** When bytes last came, from either side. */
  heardAt = performance.now();
  /** How many bytes of answers are passed on before the reset. */
  answerBytesLeft = Infinity;
  readonly #client: net.Socket;
  readonly #server: net.Socket;
  readonly #targetPort: number;
  readonly #faults: Faults;
  readonly #up: Lane;
  readonly #down: Lane;
  readonly #weather: Weather;
  readonly #requests = new HttpReader('request');
  #answers = new HttpReader('answer');
  #events: LinkEvents;
  /** The network has forgotten this connection, and tells nobody. */
  #isForgotten = false;
  #isGone = false;
  #losesAnswer = false;
  /** It was answered here; the server has no part in it any more. */
  #isAnswered = false;
  #copy: Buffer[] | undefined;
  /** The end of the last bytes from the server: what is looked for may come in two. */
  #tail = Buffer.alloc(0);

  constructor(client: net.Socket, targetPort: number, weather: Weather, faults: Faults, events: LinkEvents) {
    this.#client = client;
    this.#server = net.connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
    this.#targetPort = targetPort;
    this.#weather = weather;
    this.#faults = faults;
    this.#events = events;
    this.#up = new Lane(client, this.#server, weather, true);
    this.#down = new Lane(this.#server, client, weather, false);
    client.on('data', (bytes) => this.#fromClient(bytes));
    this.#server.on('data', (bytes) => this.#fromServer(bytes));
    this.#join(client, this.#server, this.#up);
    this.#join(this.#server, client, this.#down);
  }

  get isOpen(): boolean {
    return !this.#client.destroyed;
  }

  /** Passes on what the weather allows by now. */
  flow(): void {
    if (this.#weather.bufferBytes === 0) this.#down.letGo();
    this.#up.flow();
    this.#down.flow();
  }

  endStall(): void {
    this.#up.endStall();
    this.#down.endStall();
  }

  /** False if it was forgotten before. */
  forget(): boolean {
    if (this.#isForgotten) return false;
    this.#isForgotten = true;
    this.#up.discard();
    this.#down.discard();
    return true;
  }

  reset(): void {
    this.#up.discard();
    this.#down.discard();
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  #join(socket: net.Socket, other: net.Socket, lane: Lane): void {
    socket.setNoDelay(true);
    socket.on('end', () => {
      if (this.#isForgotten || (this.#isAnswered && socket === this.#server)) return;
      lane.gather(Buffer.alloc(0), true, () => other.end());
    });
    socket.on('error', () => {
      if (!this.#isForgotten && !(this.#isAnswered && socket === this.#server)) other.resetAndDestroy();
    });
    socket.on('close', () => {
      // Whoever was not told keeps a connection that leads nowhere.
      if (socket === this.#client && !this.#isForgotten) this.#server.destroy();
      if (this.#client.destroyed && this.#server.destroyed) {
        this.#up.discard();
        this.#down.discard();
      }
      if (!this.#client.destroyed || (this.#isForgotten && !this.#server.destroyed) || this.#isGone) return;
      this.#isGone = true;
      this.#events.onClosed();
    });
  }

  #fromClient(bytes: Buffer): void {
    this.heardAt = performance.now();
    this.#events.onBytes('up', bytes);
    if (this.#isForgotten) return;
    for (const { bytes: part, head, isLast } of this.#requests.read(bytes)) {
      if (head !== undefined) this.#beginRequest(head);
      if (this.#isAnswered) continue;
      this.#copy?.push(part);
      this.#up.push(part);
      if (isLast) this.#repeat();
    }
  }

  #beginRequest(head: string): void {
    const faults = this.#faults;
    this.#answers = new HttpReader('answer');
    this.#events.onRequest(head, this);
    const injection = faults.injections.find(({ match }) => head.includes(match));
    if (injection) {
      injection.times -= 1;
      if (injection.times <= 0) faults.injections.splice(faults.injections.indexOf(injection), 1);
      return this.#answerInstead(injection.answer);
    }
    if (faults.losing !== undefined && head.includes(faults.losing)) {
      faults.losing = undefined;
      this.#losesAnswer = true;
    }
    if (faults.duplicating !== undefined && head.includes(faults.duplicating)) {
      faults.duplicating = undefined;
      this.#copy = [];
    }
  }

  #answerInstead({ status, headers = {}, body = '' }: InjectedAnswer): void {
    this.#isAnswered = true;
    this.#server.destroy();
    const lines = Object.entries({
      'Content-Type': 'text/html; charset=utf-8',
      ...headers,
      'Content-Length': String(Buffer.byteLength(body)),
      Connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`;
    this.#down.push(Buffer.from(head + body), () => this.#client.end());
  }

  /** Says the same to the server once more, and does not listen to what it answers. */
  #repeat(): void {
    if (!this.#copy) return;
    const bytes = Buffer.concat(this.#copy);
    this.#copy = undefined;
    const again = net.connect(this.#targetPort, '127.0.0.1', () => again.write(bytes));
    again.once('data', () => again.destroy());
    again.on('error', () => again.destroy());
    this.#client.once('close', () => again.destroy());
  }

  #fromServer(bytes: Buffer): void {
    this.heardAt = performance.now();
    if (this.#isForgotten || this.#isAnswered) return;
    if (this.#losesAnswer) return this.reset();
    const end = Math.min(this.answerBytesLeft, this.#endOfCut(bytes));
    this.answerBytesLeft -= bytes.length;
    if (end <= bytes.length) {
      this.#events.onBytes('down', bytes.subarray(0, end));
      return this.#down.gather(bytes.subarray(0, end), true, () => this.reset());
    }
    this.#events.onBytes('down', bytes);
    const isWhole = this.#answers.read(bytes).at(-1)?.isLast === true;
    this.#down.gather(bytes, isWhole);
  }

  /** Up to where `bytes` go through before the cut; Infinity if there is none in them. */
  #endOfCut(bytes: Buffer): number {
    const { cutting } = this.#faults;
    if (cutting === undefined) return Infinity;
    const length = Buffer.byteLength(cutting);
    const seen = Buffer.concat([this.#tail, bytes]);
    const at = seen.indexOf(cutting);
    const before = this.#tail.length;
    this.#tail = Buffer.from(seen.subarray(Math.max(0, seen.length - length + 1)));
    if (at < 0) return Infinity;
    this.#faults.cutting = undefined;
    return at + length - before;
  }
}
