/**
 * Time and chance of a simulated world: a clock that only moves when told to, and tasks of which one runs at a time, in
 * an order drawn from a seed. The same seed gives the same run, whatever the machine does meanwhile.
 *
 * Everything asynchronous in the world goes through here. So it is known when nothing can happen any more before time
 * passes, and whoever dies, dies between two tasks and takes its own with it.
 */

/** Whose task or timer it is. What belongs to somebody dead never runs. */
export interface Actor {
  isAlive: boolean;
}

interface Timer {
  id: number;
  at: number;
  actor: Actor;
  run: () => void;
}

export class World {
  /** In ms. */
  now = Date.UTC(2026, 0, 1);
  ran = 0;
  readonly random: () => number;
  readonly #tasks = new Map<Actor, (() => void)[]>();
  #timers: Timer[] = [];
  #lastTimer = 0;

  constructor(seed: number) {
    this.random = createRandom(seed);
  }

  /** Runs soon, after what the same actor has asked for before. */
  enqueue(actor: Actor, run: () => void): void {
    const tasks = this.#tasks.get(actor);
    if (tasks) tasks.push(run);
    else this.#tasks.set(actor, [run]);
  }

  setTimer(actor: Actor, ms: number, run: () => void): number {
    const id = ++this.#lastTimer;
    const timer = { id, at: this.now + Math.max(0, ms), actor, run };
    const behind = this.#timers.findIndex(({ at }) => at > timer.at);
    this.#timers.splice(behind < 0 ? this.#timers.length : behind, 0, timer);
    return id;
  }

  clearTimer(id: number): void {
    const at = this.#timers.findIndex((timer) => timer.id === id);
    if (at >= 0) this.#timers.splice(at, 1);
  }

  /** Runs at most so many tasks; all there are, and all that follow from them, if nothing is said. */
  async settle(most = Infinity): Promise<void> {
    await this.#turn();
    for (let count = 0; count < most; count += 1) {
      const task = this.#draw();
      if (!task) return;
      this.ran += 1;
      task();
      await this.#turn();
      if (count > 200_000) throw new Error('The world does not come to rest.');
    }
  }

  /** Lets time pass, and everything happen that is due meanwhile. */
  async advance(ms: number): Promise<void> {
    const until = this.now + ms;
    await this.settle();
    for (;;) {
      const timer = this.#timers[0];
      if (!timer || timer.at > until) break;
      this.#timers.shift();
      this.now = Math.max(this.now, timer.at);
      if (timer.actor.isAlive) {
        timer.run();
        await this.settle();
      }
    }
    this.now = until;
  }

  /** Every promise that can go on goes on: Node comes to its ticks only when nothing is left of those. */
  #turn(): Promise<void> {
    return new Promise((resolve) => process.nextTick(resolve));
  }

  #draw(): (() => void) | undefined {
    for (const actor of this.#tasks.keys()) if (!actor.isAlive) this.#tasks.delete(actor);
    if (this.#tasks.size === 0) return undefined;
    const actors = [...this.#tasks.keys()];
    const actor = actors[Math.floor(this.random() * actors.length)]!;
    const tasks = this.#tasks.get(actor)!;
    const task = tasks.shift();
    if (tasks.length === 0) this.#tasks.delete(actor);
    return task;
  }
}

/** Numbers in [0, 1) that follow from the seed. (Mulberry32) */
function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
