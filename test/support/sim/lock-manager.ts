/**
 * Web Locks of one simulated browser: exclusive ones, with `ifAvailable`, `steal` and `signal`; and a tab that dies lets
 * go of what it held. (W3C Web Locks API)
 */
import type { Actor } from './world.ts';

type Callback = (lock: { name: string } | null) => unknown;

interface LockRequest {
  actor: Actor;
  name: string;
  callback: Callback;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export interface LockOptions {
  ifAvailable?: boolean;
  steal?: boolean;
  signal?: AbortSignal;
}

export class Locks {
  readonly #enqueue: (actor: Actor, run: () => void) => void;
  readonly #held = new Map<string, LockRequest>();
  readonly #waiting = new Map<string, LockRequest[]>();

  /** `enqueue` runs something later in the context of a tab. */
  constructor(enqueue: (actor: Actor, run: () => void) => void) {
    this.#enqueue = enqueue;
  }

  request(actor: Actor, name: string, options: LockOptions, callback: Callback): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request: LockRequest = { actor, name, callback, resolve, reject };
      const { signal } = options;
      if (signal?.aborted) return reject(signal.reason as Error);
      const waiting = this.#waiting.get(name) ?? [];
      this.#waiting.set(name, waiting);
      const holder = this.#held.get(name);
      if (options.steal) {
        if (holder) {
          this.#held.delete(name);
          this.#enqueue(holder.actor, () =>
            holder.reject(new DOMException('The lock was stolen.', 'AbortError')),
          );
        }
        return this.#grant(request);
      }
      if (options.ifAvailable && (holder || waiting.length > 0)) {
        return this.#enqueue(actor, () => void Promise.resolve(callback(null)).then(resolve, reject));
      }
      waiting.push(request);
      signal?.addEventListener('abort', () => {
        const at = waiting.indexOf(request);
        if (at < 0) return;
        waiting.splice(at, 1);
        reject(signal.reason as Error);
      });
      this.#next(name);
    });
  }

  /** The tab is gone, and with it what it held and waited for. */
  forget(actor: Actor): void {
    for (const waiting of this.#waiting.values()) {
      for (const request of waiting.filter((one) => one.actor === actor))
        waiting.splice(waiting.indexOf(request), 1);
    }
    for (const [name, holder] of [...this.#held]) {
      if (holder.actor !== actor) continue;
      this.#held.delete(name);
      this.#next(name);
    }
  }

  #next(name: string): void {
    const waiting = this.#waiting.get(name);
    if (this.#held.has(name) || !waiting?.length) return;
    this.#grant(waiting.shift()!);
  }

  #grant(request: LockRequest): void {
    const { name, actor, callback, resolve, reject } = request;
    this.#held.set(name, request);
    const release = () => {
      if (this.#held.get(name) !== request) return;
      this.#held.delete(name);
      this.#next(name);
    };
    this.#enqueue(actor, () => {
      void (async () => callback({ name }))().then(
        (value) => {
          release();
          resolve(value);
        },
        (error: unknown) => {
          release();
          reject(error);
        },
      );
    });
  }
}
