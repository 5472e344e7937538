/** From the moment that the network works again to the message on the other phone. */
import { Phone } from '../../e2e/phone.ts';
import { runs, type Bench } from './device.ts';
import type { Figure } from './figure.ts';

export async function measureReturn({ browser, server: { port } }: Bench): Promise<Figure[]> {
  const ann = await Phone.take(browser, port);
  const bob = await Phone.take(browser, port);
  await ann.signIn('ann');
  await bob.signIn('bob');
  await ann.select('bob');
  await bob.select('ann');

  async function measure(
    what: string,
    leave: () => Promise<void>,
    come: () => Promise<void>,
  ): Promise<Figure> {
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      await leave();
      const text = `${what}, ${run}`;
      await ann.write(text);
      await ann.page.getByRole('status').filter({ hasText: 'Offline' }).waitFor();
      if (what.includes('closed')) await ann.closeApp();
      const arrived = bob.page.getByRole('log').getByText(text, { exact: true }).waitFor();
      const began = performance.now();
      await come();
      await arrived;
      times.push(performance.now() - began);
      if (what.includes('closed')) await ann.openApp('/c/bob');
      await ann.allOwnAre('Read');
    }
    return { what: `network back to the message on the other phone, ${what}`, goal: 1_000, runs: times };
  }

  const tunnel = [() => ann.enterTunnel(), () => ann.leaveTunnel()] as const;
  const figures = [
    await measure('app open', ...tunnel),
    await measure('app closed', ...tunnel),
    // The radio was said to be fine all the time: nothing tells the page but its own timer.
    await measure(
      'app open, and no word from the system',
      async () => ann.network.down(),
      async () => ann.network.up(),
    ),
  ];
  await ann.putAway();
  await bob.putAway();
  return figures;
}
