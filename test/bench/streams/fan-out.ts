/** What it costs to tell one event of the moment, that somebody came or went, to everybody who listens. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd, until } from './crowd.ts';

const streamsEach = 20;
const events = 10;

export interface FanOutFigures {
  cpuMsPerEvent: number;
  longestStallMs: number;
}

export async function fanOut(connections: number): Promise<FanOutFigures> {
  const crowd = await Crowd.gather(Math.ceil(connections / streamsEach) + events, {
    showPresence: true,
    heartbeatMs: 3_600_000,
  });
  try {
    const comers = crowd.members.slice(-events);
    await crowd.open(streamsEach, comers.length);
    await crowd.quiet();
    const last = crowd.sockets.at(-1)!;
    await crowd.cost();
    for (const comer of comers) {
      const told = until(last, comer.personId);
      crowd.connect(comer);
      await told;
    }
    await sleep(1_000);
    const { cpuMs, longestStallMs } = await crowd.cost();
    return { cpuMsPerEvent: cpuMs / events, longestStallMs };
  } finally {
    await crowd.leave();
  }
}
