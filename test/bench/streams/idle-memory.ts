/**
 * What an idle event stream costs the server in memory, presence and cursor included; the kernel's share is not in it.
 * A stream is idle when V8 has given back what its opening left behind, which takes it ten seconds.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from './crowd.ts';

const settlingMs = 15_000;

export async function idleMemory(connections: number): Promise<{ bytesEach: number }> {
  const crowd = await Crowd.gather(connections);
  try {
    const before = await crowd.cost();
    await crowd.open();
    await sleep(settlingMs);
    const after = await crowd.cost();
    return { bytesEach: (after.rssBytes - before.rssBytes) / connections };
  } finally {
    await crowd.leave();
  }
}
