/** Many devices of as many people, of which some talk to each other. What arrives is checked, and how long it took. */
import { percentile } from '../statistics.ts';
import { Arrivals } from './arrivals.ts';
import type { Lab } from './lab.ts';
import { nickOf, textOf, uuidOf } from './names.ts';
import { messageIdIn, type Device, type Draft } from './wire.ts';

/** Fewer than a server's queue for those whom it has not taken in yet. */
const openedAtOnce = 300;

export interface Delays {
  p50Ms: number;
  p99Ms: number;
  p999Ms: number;
}

/** What it needs to know of where its devices connect to. */
type Place = Pick<Lab, 'peer' | 'connect'>;

export class Crowd {
  readonly arrivals = new Arrivals();
  readonly devices: Device[] = [];
  /** Each event that is no message. */
  onOther: (event: string) => void = () => {};
  readonly #lab: Place;
  /** Id → when it was sent, of those whose way is timed. */
  readonly #sentAt = new Map<string, number>();
  #delays: number[] = [];
  readonly #numbers = new Map<number, number>();

  constructor(lab: Place) {
    this.#lab = lab;
  }

  /** Opens those from `first` on; `after` says where each goes on. `until`: when the next may come. */
  async open(
    first: number,
    count: number,
    { after, until = 'ready' }: { after?: (person: number) => string; until?: 'ready' | 'opened' } = {},
  ): Promise<void> {
    let next = first;
    const worker = async () => {
      while (next < first + count) {
        const person = next;
        next += 1;
        this.devices[person] = this.#lab.connect(
          person,
          (event) => this.#hear(person, event),
          after?.(person),
        );
        await this.devices[person][until];
      }
    };
    await Promise.all(Array.from({ length: Math.min(openedAtOnce, count) }, worker));
  }

  /** Sends so many messages from one to another, and resolves with the server's answer. `at`: since when it was to be sent. */
  async send(sender: number, recipient: number, count = 1, at = performance.now()): Promise<void> {
    const drafts = Array.from({ length: count }, () => this.#draft(sender, recipient));
    for (const { id } of drafts) this.#sentAt.set(id, at);
    this.arrivals.expect(recipient, count);
    if (this.#lab.peer.wire.echoes) this.arrivals.expect(sender, count);
    await this.devices[sender]!.send(drafts);
  }

  /** Sends so many a second until it is told to stop, each of the senders in turn, without waiting for the answers. */
  async sendSteadily(
    pairs: readonly [number, number][],
    perSecond: number,
    stop: AbortSignal,
  ): Promise<number> {
    const began = performance.now();
    const answers: Promise<void>[] = [];
    /** One who sends faster than they are answered waits, as a device does; and that is part of the delay. */
    const last = new Map<number, Promise<void>>();
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const now = performance.now();
        const due = ((now - began) / 1000) * perSecond;
        while (answers.length < due) {
          const [sender, recipient] = pairs[answers.length % pairs.length]!;
          const sent = (last.get(sender) ?? Promise.resolve()).then(() =>
            this.send(sender, recipient, 1, now),
          );
          last.set(sender, sent);
          answers.push(sent);
        }
        if (!stop.aborted) return;
        clearInterval(timer);
        resolve();
      }, 1);
    });
    await Promise.all(answers);
    return answers.length;
  }

  /** From send to received, of all that came since this was asked last. */
  takeDelays(): Delays {
    const sorted = Float64Array.from(this.#delays).toSorted();
    this.#delays = [];
    return {
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
      p999Ms: percentile(sorted, 0.999),
    };
  }

  #draft(sender: number, recipient: number): Draft {
    // Those of a stage have the lower numbers.
    const number = (this.#numbers.get(sender) ?? 1_000_000_000) + 1;
    this.#numbers.set(sender, number);
    const composedAt = new Date().toISOString();
    return { id: uuidOf(sender, number), to: nickOf(recipient), text: textOf(number), composedAt };
  }

  #hear(person: number, event: string): void {
    const id = messageIdIn(event);
    if (id === undefined) return this.onOther(event);
    this.arrivals.arrived(person, id);
    // The sender hears it as well.
    if (event.includes(`"to":"${nickOf(person)}"`)) {
      const sentAt = this.#sentAt.get(id);
      if (sentAt !== undefined) this.#delays.push(performance.now() - sentAt);
      this.#sentAt.delete(id);
    }
  }
}
