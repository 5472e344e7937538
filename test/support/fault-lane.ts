/**
 * One direction of a connection through the fault proxy: bytes go in, and come out in the same order when the weather
 * lets them. What waits here is bounded, as in a network: beyond that the sender is not read any more.
 */
import type net from 'node:net';
import { handshakeMs, nextRetransmissionMs, retransmissionMs } from './packet-loss.ts';

/** What the network does to everybody. */
export interface Weather {
  isStalled: boolean;
  /** Each way. */
  delayMs: number;
  /** On each connection, each way; 0 for as fast as it goes. */
  bytesPerSecond: number;
  /** What the server says is gathered until it is so much; 0 for not at all. */
  bufferBytes: number;
  /** How many of the packets get lost, which costs time (packet-loss.ts); undefined for no packets at all. */
  lossRate?: number | undefined;
  random: () => number;
}

interface Parcel {
  bytes: Buffer;
  arrivedAt: number;
  /** Until what was lost of it has been said again. */
  lateMs: number;
  /** What to do once it is written. */
  onWritten?: () => void;
}

const mostWaitingBytes = 256 * 1024;
/** Slow connections are fed in slices of this time. */
const sliceMs = 50;

export class Lane {
  readonly #from: net.Socket;
  readonly #to: net.Socket;
  readonly #weather: Weather;
  #gathered: Parcel[] = [];
  #waiting: Parcel[] = [];
  /** When the pace allows the next slice. */
  #freeAt = 0;
  #needsDrain = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** A connection begins with its first bytes, which come after a handshake. */
  #isToOpen: boolean;

  constructor(from: net.Socket, to: net.Socket, weather: Weather, isToOpen: boolean) {
    this.#isToOpen = isToOpen;
    this.#from = from;
    this.#to = to;
    this.#weather = weather;
    to.on('drain', () => {
      this.#needsDrain = false;
      this.flow();
    });
  }

  push(bytes: Buffer, onWritten?: () => void): void {
    this.#waiting.push(this.#parcel(bytes, onWritten));
    this.flow();
  }

  /** As a proxy with a buffer: holds it back until enough has gathered, or the answer is whole. */
  gather(bytes: Buffer, isWhole: boolean, onWritten?: () => void): void {
    this.#gathered.push(this.#parcel(bytes, onWritten));
    if (isWhole || size(this.#gathered) >= this.#weather.bufferBytes) this.letGo();
  }

  /** Lets go of what has gathered. */
  letGo(): void {
    this.#waiting.push(...this.#gathered.splice(0));
    this.flow();
  }

  /** Whatever waits is gone, and nothing will come out again. */
  discard(): void {
    clearTimeout(this.#timer);
    this.#gathered = [];
    this.#waiting = [];
    this.#from.resume();
  }

  /** Passes on what may pass now, and comes back for the rest when its time has come. */
  flow(): void {
    clearTimeout(this.#timer);
    while (this.#waiting.length > 0 && !this.#weather.isStalled && !this.#needsDrain) {
      const waitMs = this.#dueAt(this.#waiting[0]!) - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.flow(), Math.ceil(waitMs));
        break;
      }
      this.#writeSlice();
    }
    if (size(this.#waiting) > mostWaitingBytes) this.#from.pause();
    else if (this.#from.isPaused()) this.#from.resume();
  }

  /** What was said into a dead network is said again when its time has come, and not when the network is back. */
  endStall(): void {
    const [first] = this.#waiting;
    if (!first || this.#weather.lossRate === undefined) return;
    const waitedMs = performance.now() - first.arrivedAt - this.#weather.delayMs;
    if (waitedMs > 0) first.lateMs = Math.max(first.lateMs, nextRetransmissionMs(waitedMs, this.#rttMs));
  }

  get #rttMs(): number {
    return 2 * this.#weather.delayMs;
  }

  #parcel(bytes: Buffer, onWritten: (() => void) | undefined): Parcel {
    const { lossRate, random } = this.#weather;
    let lateMs = 0;
    if (lossRate !== undefined && bytes.length > 0) {
      const line = { lossRate, rttMs: this.#rttMs, random };
      lateMs = (this.#isToOpen ? handshakeMs(line) : 0) + retransmissionMs(bytes.length, line);
      this.#isToOpen = false;
    }
    return { bytes, arrivedAt: performance.now(), lateMs, ...(onWritten ? { onWritten } : {}) };
  }

  #dueAt({ arrivedAt, lateMs }: Parcel): number {
    const { delayMs, bytesPerSecond } = this.#weather;
    return Math.max(arrivedAt + delayMs + lateMs, bytesPerSecond > 0 ? this.#freeAt : 0);
  }

  #writeSlice(): void {
    const { bytesPerSecond } = this.#weather;
    const first = this.#waiting[0]!;
    const slice = bytesPerSecond > 0 ? Math.max(1, Math.floor((bytesPerSecond * sliceMs) / 1_000)) : Infinity;
    const bytes = first.bytes.subarray(0, slice);
    first.bytes = first.bytes.subarray(bytes.length);
    if (bytesPerSecond > 0) {
      this.#freeAt = Math.max(this.#freeAt, performance.now()) + (bytes.length * 1_000) / bytesPerSecond;
    }
    const isOver = first.bytes.length === 0;
    if (isOver) this.#waiting.shift();
    const onWritten = isOver ? first.onWritten : undefined;
    if (this.#to.writable) this.#needsDrain = !this.#to.write(bytes, () => onWritten?.());
    else onWritten?.();
  }
}

function size(parcels: Parcel[]): number {
  return parcels.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
