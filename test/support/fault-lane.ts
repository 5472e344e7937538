/**
 * One direction of a connection through the fault proxy: bytes go in, and come out in the same order when the weather
 * lets them. What waits here is bounded, as in a network: beyond that the sender is not read any more.
 */
import type net from 'node:net';

/** What the network does to everybody. */
export interface Weather {
  isStalled: boolean;
  /** Each way. */
  delayMs: number;
  /** On each connection, each way; 0 for as fast as it goes. */
  bytesPerSecond: number;
  /** What the server says is gathered until it is so much; 0 for not at all. */
  bufferBytes: number;
}

interface Parcel {
  bytes: Buffer;
  arrivedAt: number;
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

  constructor(from: net.Socket, to: net.Socket, weather: Weather) {
    this.#from = from;
    this.#to = to;
    this.#weather = weather;
    to.on('drain', () => {
      this.#needsDrain = false;
      this.flow();
    });
  }

  push(bytes: Buffer, onWritten?: () => void): void {
    this.#waiting.push(parcel(bytes, onWritten));
    this.flow();
  }

  /** As a proxy with a buffer: holds it back until enough has gathered, or the answer is whole. */
  gather(bytes: Buffer, isWhole: boolean, onWritten?: () => void): void {
    this.#gathered.push(parcel(bytes, onWritten));
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

  #dueAt({ arrivedAt }: Parcel): number {
    const { delayMs, bytesPerSecond } = this.#weather;
    return Math.max(arrivedAt + delayMs, bytesPerSecond > 0 ? this.#freeAt : 0);
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

function parcel(bytes: Buffer, onWritten: (() => void) | undefined): Parcel {
  return { bytes, arrivedAt: performance.now(), ...(onWritten ? { onWritten } : {}) };
}

function size(parcels: Parcel[]): number {
  return parcels.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
