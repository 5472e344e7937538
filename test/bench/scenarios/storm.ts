/**
 * A reconnect storm: all phones had a connection, lost it in the same moment, and come back in the same moment, each so
 * many events behind. Meanwhile others talk on, and what they say is timed.
 */
import { together } from '../load/arrivals.ts';
import { Crowd } from '../load/crowd.ts';
import type { Lab } from '../load/lab.ts';
import type { Stage } from '../load/stage.ts';
import type { Outcome, Scenario } from './scenario.ts';

/** From the neighbour and to the other one: what one sent is in the own inbox too. */
const newerEach = 50;
const behind = 2 * newerEach;
const olderEach = 150;
/** So many that none of them has to wait for an answer where a server is not slow. */
const pairs = 50;
const perSecond = 200;
const mostWaitMs = 60_000;

/** 5,000 phones, those who talk on, and a good 1,000,000 messages. */
export function filledStage(lab: Lab): Required<Pick<Stage, 'people' | 'olderEach' | 'newerEach'>> {
  return { people: lab.size(300, 5_000) + 2 * pairs, olderEach, newerEach };
}

export const storm: Scenario = {
  name: 'storm',
  tables: [
    {
      name: 'storm',
      title: 'Reconnect storm: 5,000 phones, 100 events behind each',
      figures: [
        { key: 'seconds', title: 'until all have all, s', digits: 1, better: 'less' },
        { key: 'cpuUs', title: 'CPU µs an event', digits: 1, better: 'less' },
        { key: 'p50Ms', title: 'live p50 ms', digits: 1 },
        { key: 'p99Ms', title: 'live p99 ms', digits: 0, better: 'less' },
      ],
    },
  ],
  isFor: ({ replays }) => replays,
  async measure(lab: Lab): Promise<Outcome> {
    const stage = filledStage(lab);
    await lab.start(stage, behind);
    // The last of them never lose their connection.
    const returning = stage.people - 2 * pairs;
    const people = new Crowd(lab);
    await people.open(0, stage.people);
    await lab.quiet();
    for (const phone of people.devices.slice(0, returning)) phone.close();
    const phones = new Crowd(lab);
    for (let phone = 0; phone < returning; phone += 1) phones.arrivals.expect(phone, behind);
    const talking = Array.from({ length: pairs }, (_, n): [number, number] => [
      returning + n,
      returning + pairs + n,
    ]);
    let seconds = 0;
    const cpuMs = await lab.cpuMsOf(async () => {
      const live = new AbortController();
      const talk = people.sendSteadily(talking, perSecond, live.signal);
      const began = performance.now();
      await phones.open(0, returning, { after: (phone) => lab.cursorOf(phone), until: 'opened' });
      await phones.arrivals.complete(mostWaitMs);
      seconds = (performance.now() - began) / 1000;
      live.abort();
      await talk;
    });
    await people.arrivals.complete(mostWaitMs);
    return {
      figures: { seconds, cpuUs: (cpuMs * 1000) / (returning * behind), ...people.takeDelays() },
      verdict: together(people.arrivals.verdict(), phones.arrivals.verdict()),
    };
  },
};
