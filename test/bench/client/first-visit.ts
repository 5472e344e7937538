/** What a first visit costs, and how long it takes until the app starts without a network. Page and worker, to the byte. */
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { phoneScreen } from '../../e2e/phone.ts';
import { runs, type Bench } from './device.ts';
import type { Figure } from './figure.ts';
import { slowDownNetwork } from './slow-4g.ts';

export async function measureFirstVisit({ browser, server }: Bench): Promise<Figure[]> {
  const ready: number[] = [];
  const bytes: number[] = [];
  const requests: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    let received = 0;
    let asked = 0;
    const network = await startFaultProxy(server.port, {
      onRequest: () => (asked += 1),
      onBytes(way, count) {
        if (way === 'down') received += count;
      },
    });
    slowDownNetwork(network);
    const context = await browser.newContext(phoneScreen);
    const page = await context.newPage();
    await page.goto(network.url);
    const activated = await page.waitForFunction(
      () => navigator.serviceWorker.controller?.state === 'activated' && performance.now(),
    );
    ready.push((await activated.jsonValue()) as number);
    bytes.push(received);
    requests.push(asked);
    await context.close();
    await network.close();
  }
  return [
    { what: 'ready for offline after the first visit, slow 4G', must: 3_000, goal: 1_800, runs: ready },
    {
      what: 'bytes of a first visit, with the worker',
      unit: 'bytes',
      others: [50_000, 997_000],
      runs: bytes,
    },
    { what: 'requests of a first visit, with the worker', unit: 'times', runs: requests },
  ];
}
