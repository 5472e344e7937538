/** From the first visit's navigation until a nick can be typed and claimed, on slow 4G with a slow CPU. */
import { phoneScreen } from '../../e2e/phone.ts';
import { runs, slowdown, type Bench } from './device.ts';
import type { Figure } from './figure.ts';
import { slowDownPage } from './slow-4g.ts';

export async function measureSignIn({ browser, server }: Bench): Promise<Figure[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const context = await browser.newContext(phoneScreen);
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await slowDownPage(devtools);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await page.addInitScript(() => {
      const look = () => {
        const form = document.querySelector('ot-sign-in');
        // What main.ts gives to it, and without which the button could do nothing.
        if (form && 'signIn' in form && form.signIn) Object.assign(window, { usableAt: performance.now() });
        else setTimeout(look, 5);
      };
      look();
    });
    await page.goto(`http://localhost:${server.port}`);
    const usable = await page.waitForFunction(() => (window as unknown as { usableAt?: number }).usableAt);
    times.push((await usable.jsonValue())!);
    await context.close();
  }
  return [
    {
      what: `usable sign-in, slow 4G, CPU 1/${slowdown}`,
      must: 1_500,
      goal: 1_000,
      others: [1_400, 7_900],
      runs: times,
    },
  ];
}
