/** From the touch on a row of the list to the painted conversation. */
import { listPlaces, paintedAfterClick, paintedAt, threadPlaces, watchPaint } from './painted.ts';
import { newPage, runs, slowdown, takeFullPhone, type Bench } from './device.ts';
import type { Figure } from './figure.ts';

export async function measureThread(bench: Bench): Promise<Figure[]> {
  const { phone } = await takeFullPhone(bench, { conversations: 500, messages: 50_000 });
  const first: number[] = [];
  const others: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    await newPage(phone);
    await watchPaint(phone.page, listPlaces);
    await phone.page.goto(phone.network.url);
    await paintedAt(phone.page);
    for (const nick of ['person1', 'person2']) {
      const row = phone.page.locator(`a[data-nick="${nick}"]`);
      const took = await paintedAfterClick(phone.page, threadPlaces, () => row.tap());
      (nick === 'person1' ? first : others).push(took);
      await phone.page.getByRole('button', { name: 'Back' }).tap();
      await row.waitFor();
    }
    await phone.closeApp();
  }
  await phone.putAway();
  const what = `open a conversation from the list of 500, CPU 1/${slowdown}`;
  return [
    { what: `${what}, the first after a start`, goal: 200, runs: first },
    { what, goal: 200, runs: others },
  ];
}
