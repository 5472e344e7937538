/**
 * The wheel of all streams: each has its place on it, and its turn once a heartbeat. It beats then, and ends once it has
 * lived its time. One timer for all, and a few streams at a time, so that ten thousand do not hold up a message.
 */
import { frame } from '../protocol/frame.ts';
import { SharedFrames, type EventStream } from './event-stream.ts';

const places = 50;
/** After a planned end there is no reason to wait: it comes to each stream at a time of its own. The next `ack` takes it back. */
const plannedRetryMs = 50;

interface Rider {
  stream: EventStream;
  /** How many heartbeats the stream is still to live. */
  beatsLeft: number;
}

export class Wheel {
  readonly #places: Set<Rider>[] = Array.from({ length: places }, () => new Set());
  readonly #now: () => Date;
  readonly #timer: NodeJS.Timeout;
  #turn = 0;
  #joined = 0;

  constructor(heartbeatMs: number, now: () => Date) {
    this.#now = now;
    this.#timer = setInterval(() => this.#beat(), heartbeatMs / places);
    this.#timer.unref();
  }

  add(rider: Rider): void {
    this.#places[this.#joined++ % places]!.add(rider);
  }

  /** False if it was not on it. */
  remove(rider: Rider): boolean {
    return this.#places.some((place) => place.delete(rider));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    const riders = this.#places[this.#turn]!;
    this.#turn = (this.#turn + 1) % places;
    if (riders.size === 0) return;
    const beat = new SharedFrames(heartbeatFrame(this.#now()));
    for (const rider of riders) {
      rider.beatsLeft -= 1;
      if (rider.beatsLeft > 0) rider.stream.writeMoment(beat);
      else rider.stream.end(plannedRetryMs);
    }
  }
}

export function heartbeatFrame(now: Date): string {
  return frame('heartbeat', JSON.stringify({ now: now.toISOString() }));
}
