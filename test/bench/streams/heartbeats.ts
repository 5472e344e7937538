/** What heartbeats cost while nothing else happens: of one core, and how long the longest stall of the main thread was. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from './crowd.ts';

export interface HeartbeatFigures {
  percentOfCore: number;
  longestStallMs: number;
}

/** `seconds` of at least one heartbeat, which is 15. */
export async function heartbeats(connections: number, seconds = 30): Promise<HeartbeatFigures> {
  const crowd = await Crowd.gather(connections);
  try {
    await crowd.open();
    await sleep(15_000); // What the opening left behind has been tidied up by then.
    await crowd.cost();
    await sleep(seconds * 1000);
    const { cpuMs, longestStallMs } = await crowd.cost();
    return { percentOfCore: cpuMs / seconds / 10, longestStallMs };
  } finally {
    await crowd.leave();
  }
}
