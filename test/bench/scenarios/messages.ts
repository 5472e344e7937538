/** How many messages a server takes and delivers, one and 20 a request, as fast as 64 senders get their answers. */
import { Crowd } from '../load/crowd.ts';
import type { Lab } from '../load/lab.ts';
import type { Scenario } from './scenario.ts';

const senders = 64;
const mostWaitMs = 30_000;

export const messages: Scenario[] = [1, 20].map((perRequest) => ({
  name: `messages-${perRequest}`,
  tables: [
    {
      name: `messages-${perRequest}`,
      title: `${senders} senders, ${perRequest === 1 ? 'one message' : `${perRequest} messages`} a request`,
      figures: [
        { key: 'perSecond', title: 'messages/s', digits: 0, better: 'more' },
        { key: 'cpuUs', title: 'CPU µs a message', digits: 0, better: 'less' },
        { key: 'p50Ms', title: 'p50 ms', digits: 1 },
        { key: 'p99Ms', title: 'p99 ms', digits: 1 },
        { key: 'p999Ms', title: 'p99.9 ms', digits: 1 },
      ],
    },
  ],
  isFor: () => true,
  async measure(lab: Lab) {
    await lab.start({ people: senders });
    const crowd = new Crowd(lab);
    await crowd.open(0, senders);
    const requests = perRequest === 1 ? lab.size(30, 200) : lab.size(4, 30);
    // Not measured: what runs for the first time is compiled.
    await sendAll(Math.ceil(requests / 3));
    crowd.takeDelays();
    const began = performance.now();
    const cpuMs = await lab.cpuMsOf(() => sendAll(requests));
    const seconds = (performance.now() - began) / 1000;
    const count = senders * requests * perRequest;
    return {
      figures: { perSecond: count / seconds, cpuUs: (cpuMs * 1000) / count, ...crowd.takeDelays() },
      verdict: crowd.arrivals.verdict(),
    };

    async function sendAll(each: number): Promise<void> {
      await Promise.all(
        Array.from({ length: senders }, async (_, sender) => {
          for (let sent = 0; sent < each; sent += 1) {
            await crowd.send(sender, (sender + 1) % senders, perRequest);
          }
        }),
      );
      await crowd.arrivals.complete(mostWaitMs);
    }
  },
}));
