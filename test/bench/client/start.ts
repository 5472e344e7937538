/** From the start of the navigation, without a network, to the painted conversation or the painted list. */
import { newPage, runs, slowdown, takeFullPhone, type Bench, type FullPhone } from './device.ts';
import type { Figure } from './figure.ts';
import { listPlaces, paintedAt, threadPlaces, watchPaint, type Place } from './painted.ts';

export async function measureStart(bench: Bench): Promise<Figure[]> {
  const small = await takeFullPhone(bench, { conversations: 1, messages: 1_000 });
  const full = await takeFullPhone(bench, { conversations: 500, messages: 50_000 });
  const figures = [
    await measure('conversation, 1,000 messages', 400, small, '/c/person1', threadPlaces),
    await measure('conversation, 50,000 messages', 1_000, full, '/c/person1', threadPlaces),
    await measure('list, 500 conversations with 50,000 messages', 1_000, full, '/', listPlaces),
  ];
  await small.phone.putAway();
  await full.phone.putAway();
  return figures;
}

async function measure(
  what: string,
  goal: number,
  { phone }: FullPhone,
  path: string,
  places: Place[],
): Promise<Figure> {
  const times: number[] = [];
  // The first is for the browser to learn what it keeps of a page.
  for (let run = -1; run < runs; run += 1) {
    const devtools = await newPage(phone);
    // Cold: the worker starts with the page.
    await devtools.send('ServiceWorker.enable');
    await devtools.send('ServiceWorker.stopAllWorkers');
    await watchPaint(phone.page, places);
    await phone.page.goto(phone.network.url + path);
    const painted = await paintedAt(phone.page);
    if (run >= 0) times.push(painted);
    await phone.closeApp();
  }
  return { what: `start offline to the painted ${what}, CPU 1/${slowdown}`, goal, runs: times };
}
