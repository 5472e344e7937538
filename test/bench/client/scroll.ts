/** How long a finger is held up while it scrolls: the longest task of the page. Browsers tell those over 50 ms only. */
import type { CDPSession, Page } from 'playwright';
import { newPage, runs, slowdown, takeFullPhone, type Bench } from './device.ts';
import type { Figure } from './figure.ts';
import { listPlaces, paintedAt, threadPlaces, watchPaint, type Place } from './painted.ts';

const screens = 12;
/** As fast as a thumb that is in a hurry, in px a second. */
const speed = 3_000;

export async function measureScroll(bench: Bench): Promise<Figure[]> {
  const { phone } = await takeFullPhone(bench, { conversations: 500, messages: 50_000 });

  async function measure(what: string, path: string, places: Place[], way: 'up' | 'down'): Promise<Figure> {
    const longest: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const devtools = await newPage(phone);
      await watchPaint(phone.page, places);
      await phone.page.goto(phone.network.url + path);
      await paintedAt(phone.page);
      longest.push(await longestTaskIn(phone.page, () => scroll(devtools, way)));
      await phone.closeApp();
    }
    return {
      what: `longest task over 50 ms in ${screens} screens of ${what}, CPU 1/${slowdown}`,
      goal: 50,
      runs: longest,
    };
  }

  const figures = [
    await measure('the list of 500', '/', listPlaces, 'down'),
    await measure('a conversation, into its history', '/c/person1', threadPlaces, 'up'),
  ];
  await phone.putAway();
  return figures;
}

/** 0 where there is none. */
async function longestTaskIn(page: Page, act: () => Promise<void>): Promise<number> {
  // What belongs to the start is over.
  await page.evaluate(
    () =>
      new Promise((resolve) => requestIdleCallback(() => requestIdleCallback(resolve, { timeout: 2_000 }))),
  );
  await page.evaluate(() => {
    const longTasks: number[] = [];
    Object.assign(window, { longTasks });
    new PerformanceObserver((list) =>
      longTasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({ type: 'longtask' });
  });
  await act();
  return page.evaluate(() => Math.max(0, ...(window as unknown as { longTasks: number[] }).longTasks));
}

async function scroll(devtools: CDPSession, way: 'up' | 'down'): Promise<void> {
  for (let screen = 0; screen < screens; screen += 1) {
    await devtools.send('Input.synthesizeScrollGesture', {
      x: 195,
      y: 400,
      yDistance: way === 'up' ? 700 : -700,
      speed,
      gestureSourceType: 'mouse',
    });
  }
}
