/** Resolves once whoever stands in front of a server passes on to it. */
import { setTimeout as wait } from 'node:timers/promises';

export async function untilHealthy(url: string): Promise<void> {
  for (;;) {
    const isHealthy = await fetch(`${url}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isHealthy) return;
    // Between two questions; it keeps no test alive that has failed.
    await wait(20, undefined, { ref: false });
  }
}
