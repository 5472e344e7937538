/** How costs grow with what is stored: one long inbox, read from its middle on, and messages that are sent beside it. */
import { Crowd } from '../load/crowd.ts';
import type { Lab } from '../load/lab.ts';
import { together } from '../load/arrivals.ts';
import { nothingSent, type Outcome, type Scenario } from './scenario.ts';

const senders = 64;
const perRequest = 20;
const mostWaitMs = 120_000;

/** Its figures are called after these too: `messageUs-10000`. */
export const growthSizes = [10_000, 100_000, 1_000_000, 10_000_000];

export const growth: Scenario = {
  name: 'growth',
  tables: [
    {
      name: 'growth',
      title: 'With so many messages stored',
      figures: [
        { key: 'replayUs', title: 'CPU µs an event replayed', digits: 1 },
        { key: 'replayPerSecond', title: 'events/s replayed', digits: 0 },
        { key: 'messageUs', title: 'CPU µs a message', digits: 1 },
      ],
    },
  ],
  isFor: ({ name }) => name === 'opentalk',
  async measure(lab: Lab): Promise<Outcome> {
    const figures: Outcome['figures'] = {};
    let verdict = nothingSent;
    for (const size of growthSizes.slice(0, lab.size(2, 3, 4))) {
      const part = await measureAt(lab, size);
      Object.assign(figures, part.figures);
      verdict = together(verdict, part.verdict);
    }
    return { figures, verdict };
  },
};

async function measureAt(lab: Lab, size: number): Promise<Outcome> {
  await lab.start({ people: senders + 1, notes: size });
  const people = new Crowd(lab);
  await people.open(1, senders);
  // Not measured: what runs for the first time is compiled.
  await sendAll(people, 10);
  const requests = lab.size(10, 30);
  const messageMs = await lab.cpuMsOf(() => sendAll(people, requests));

  // As many events at each size: only where they are differs.
  const events = size / 2;
  const passes = Math.max(1, Math.round(lab.size(20_000, 100_000) / events));
  let verdict = people.arrivals.verdict();
  let replayed = 0;
  let seconds = 0;
  const replayMs = await lab.cpuMsOf(async () => {
    for (let pass = 0; pass < passes; pass += 1) {
      const reader = new Crowd(lab);
      reader.arrivals.expect(0, events);
      const began = performance.now();
      await reader.open(0, 1, { after: (person) => lab.cursorOf(person), until: 'opened' });
      await reader.arrivals.complete(mostWaitMs);
      seconds += (performance.now() - began) / 1000;
      replayed += events;
      reader.devices[0]!.close();
      verdict = together(verdict, reader.arrivals.verdict());
    }
  });
  await lab.end('SIGTERM');
  const sent = senders * requests * perRequest;
  return {
    figures: {
      [`replayUs-${size}`]: (replayMs * 1000) / replayed,
      [`replayPerSecond-${size}`]: replayed / seconds,
      [`messageUs-${size}`]: (messageMs * 1000) / sent,
    },
    verdict,
  };
}

async function sendAll(people: Crowd, each: number): Promise<void> {
  await Promise.all(
    Array.from({ length: senders }, async (_, sender) => {
      for (let sent = 0; sent < each; sent += 1) {
        await people.send(1 + sender, 1 + ((sender + 1) % senders), perRequest);
      }
    }),
  );
  await people.arrivals.complete(mostWaitMs);
}
