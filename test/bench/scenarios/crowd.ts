/**
 * What it costs to have many connected: their memory, their heartbeats, one event to all of them, and what a message
 * takes meanwhile. In one scenario, because gathering them takes the most of the time.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Crowd } from '../load/crowd.ts';
import type { Lab } from '../load/lab.ts';
import { together } from '../load/arrivals.ts';
import { median } from '../statistics.ts';
import { nothingSent, type Outcome, type Scenario } from './scenario.ts';

const heartbeatMs = 15_000;
const gatheredAtOnce = 250;
/** So many that none of them has to wait for an answer where a server is not slow. */
const pairs = 250;
const perSecond = 500;
const mostWaitMs = 30_000;

export const crowd: Scenario = {
  name: 'crowd',
  tables: [
    {
      name: 'crowd',
      title: '10,000 connected',
      figures: [
        { key: 'fewBytes', title: 'kB each at 1,000', digits: 1, better: 'less' },
        { key: 'manyBytes', title: 'kB each at 10,000', digits: 1, better: 'less' },
        { key: 'heartbeatShare', title: 'heartbeats, % of a core', digits: 1, better: 'less' },
        { key: 'toAllMs', title: 'one event to all, ms', digits: 0, better: 'less' },
        { key: 'toAllUs', title: 'CPU µs a receiver', digits: 1 },
      ],
    },
    {
      name: 'crowd-live',
      title: '500 messages a second while 10,000 are connected, from send to received',
      figures: [
        { key: 'p50Ms', title: 'p50 ms', digits: 1 },
        { key: 'p99Ms', title: 'p99 ms', digits: 1 },
        { key: 'p999Ms', title: 'p99.9 ms', digits: 1 },
        { key: 'cpuUs', title: 'CPU µs a message', digits: 0 },
      ],
    },
  ],
  // Of these the streams are those of Express.
  isFor: ({ name }) => !name.startsWith('express-sqlite'),
  async measure(lab: Lab): Promise<Outcome> {
    const few = lab.size(200, 1_000);
    const many = lab.size(1_000, 10_000);
    await lab.start({ people: many });
    const people = new Crowd(lab);
    await lab.quiet();
    const before = await lab.residentBytes();
    await gather(lab, people, 0, few);
    await lab.quiet();
    const withFew = await lab.residentBytes();
    await gather(lab, people, few, many);
    await lab.quiet();
    const withMany = await lab.residentBytes();

    const heartbeats = await lab.cpuMsOf(() => delay(lab.size(heartbeatMs / 5, heartbeatMs)));
    const toAll = await announceTo(lab, people, many);
    const talking = Array.from({ length: pairs }, (_, n): [number, number] => [n, many - 1 - n]);
    await people.sendSteadily(talking, perSecond, AbortSignal.timeout(1_000));
    await people.arrivals.complete(mostWaitMs);
    people.takeDelays();
    let sent = 0;
    const cpuMs = await lab.cpuMsOf(async () => {
      sent = await people.sendSteadily(talking, perSecond, AbortSignal.timeout(lab.size(1_000, 5_000)));
      await people.arrivals.complete(mostWaitMs);
    });
    return {
      figures: {
        fewBytes: (withFew - before) / few / 1000,
        manyBytes: (withMany - before) / many / 1000,
        heartbeatShare: (heartbeats / lab.size(heartbeatMs / 5, heartbeatMs)) * 100,
        toAllMs: toAll.ms,
        toAllUs: toAll.cpuUs,
        ...people.takeDelays(),
        cpuUs: (cpuMs * 1000) / sent,
      },
      verdict: together(people.arrivals.verdict(), toAll.verdict),
    };
  },
};

/** Not all in a moment, because what counts is what a connection keeps, and not what garbage a rush has made. */
async function gather(lab: Lab, people: Crowd, first: number, end: number): Promise<void> {
  for (let from = first; from < end; from += gatheredAtOnce) {
    await people.open(from, Math.min(gatheredAtOnce, end - from));
    lab.collectGarbage();
  }
}

/** Some events to all, one after the other. The time is that from the first who hears one to the last. */
async function announceTo(lab: Lab, people: Crowd, many: number) {
  const times: number[] = [];
  let verdict = nothingSent;
  let cpuMs = 0;
  const events = 5;
  for (let event = 0; event < events; event += 1) {
    const nick = `news${event}`;
    let heard = 0;
    let first = 0;
    let last = 0;
    const all = Promise.withResolvers<void>();
    people.onOther = (text) => {
      if (!text.includes(`"${nick}"`)) return;
      heard += 1;
      last = performance.now();
      if (heard === 1) first = last;
      if (heard === many) all.resolve();
    };
    cpuMs += await lab.cpuMsOf(async () => {
      await people.devices[0]!.announce(nick);
      await Promise.race([all.promise, delay(mostWaitMs, undefined, { ref: false })]);
    });
    times.push(last - first);
    verdict = together(verdict, {
      lost: Math.max(0, many - heard),
      twice: Math.max(0, heard - many),
      outOfOrder: 0,
    });
  }
  people.onOther = () => {};
  return { ms: median(times), cpuUs: (cpuMs * 1000) / events / many, verdict };
}
