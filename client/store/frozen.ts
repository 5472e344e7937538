/**
 * A frozen page must leave the database alone. Its transactions would stay open for as long as it is frozen, and every
 * other tab, and the worker, would wait for them: a browser goes on delivering some events to a page that it has
 * frozen, but not the end of a transaction. So what runs is ended, and what comes waits for the thaw.
 */
let frozen: PromiseWithResolvers<void> | undefined;
const running = new Set<{ abort(): void }>();

export function freezeTransactions(): void {
  frozen ??= Promise.withResolvers();
  for (const tx of running) {
    try {
      tx.abort();
    } catch (error) {
      console.info('ended by itself', error);
    }
  }
  running.clear();
}

export function thawTransactions(): void {
  frozen?.resolve();
  frozen = undefined;
}

export function isFrozen(): boolean {
  return frozen !== undefined;
}

export async function untilThawed(): Promise<void> {
  await frozen?.promise;
}

export function endBeforeFreeze(tx: { abort(): void; done: Promise<void> }): void {
  running.add(tx);
  const forget = () => running.delete(tx);
  tx.done.then(forget, forget);
}
