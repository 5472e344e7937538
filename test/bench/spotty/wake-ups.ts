/** Counts how often a timer of the page or of its worker fires: each wakes a phone up. */
import type { BrowserContext } from 'playwright';

interface Counted {
  firedTimers?: number;
}

/** Before the page is loaded. */
export async function countWakeUps(context: BrowserContext): Promise<void> {
  await context.addInitScript(countTimers);
  context.on('serviceworker', (worker) => void worker.evaluate(countTimers).catch(() => undefined));
}

export async function wakeUps(context: BrowserContext): Promise<number> {
  const read = () => (globalThis as Counted).firedTimers ?? 0;
  const counts = await Promise.all([
    ...context.pages().map((page) => page.evaluate(read)),
    ...context.serviceWorkers().map((worker) => worker.evaluate(read)),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}

function countTimers(): void {
  const place = globalThis as Counted;
  if (place.firedTimers !== undefined) return;
  place.firedTimers = 0;
  const { setTimeout: once, setInterval: again } = globalThis;
  const counting = (run: unknown) =>
    typeof run !== 'function'
      ? run
      : (...given: unknown[]) => {
          place.firedTimers! += 1;
          run(...given);
        };
  Object.assign(globalThis, {
    uncountedInterval: again.bind(globalThis),
    setTimeout: (run: unknown, ...rest: []) => once(counting(run) as () => void, ...rest),
    setInterval: (run: unknown, ...rest: []) => again(counting(run) as () => void, ...rest),
  });
}
