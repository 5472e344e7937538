/** When something is on the screen: from inside the page, in its own clock, so that nothing on the way counts. */
import type { Page } from 'playwright';

/** From the document inwards, a selector for each shadow root on the way. */
export type Place = readonly string[];

const messenger = ['ot-app', 'ot-messenger'];
const conversation = [...messenger, 'ot-conversation'];
/** More rows than these are below the edge of the screen. */
export const listPlaces: Place[] = [[...messenger, 'ot-people-list', 'li:nth-of-type(10) .preview bdi']];
export const threadPlaces: Place[] = [
  [...conversation, 'ot-thread', 'section:last-of-type > ot-message:last-of-type', '.text'],
  [...conversation, 'ot-composer', 'textarea'],
];

/** Has every page from now on keep the time at which it painted all of `places`. */
export async function watchPaint(page: Page, places: readonly Place[]): Promise<void> {
  await page.addInitScript(watch, places);
}

/** The time at which the places were painted, in ms since the start of the navigation. */
export async function paintedAt(page: Page): Promise<number> {
  const handle = await page.waitForFunction(() => (window as unknown as { paintedAt?: number }).paintedAt);
  return (await handle.jsonValue())!;
}

/** From the click that `act` leads to until the frame that has all of `places`. */
export async function paintedAfterClick(
  page: Page,
  places: readonly Place[],
  act: () => Promise<void>,
): Promise<number> {
  await page.evaluate(() => {
    Object.assign(window, { paintedAt: undefined });
    addEventListener('click', ({ timeStamp }) => Object.assign(window, { clickedAt: timeStamp }), {
      capture: true,
      once: true,
    });
  });
  await page.evaluate(watch, places);
  await act();
  const painted = await paintedAt(page);
  return painted - (await page.evaluate(() => (window as unknown as { clickedAt: number }).clickedAt));
}

function watch(all: readonly Place[]): void {
  const find = (place: Place) =>
    place.reduce<Element | ShadowRoot | Document | null | undefined>(
      (root, selector, depth) =>
        (depth === 0 ? root : (root as Element | undefined)?.shadowRoot)?.querySelector(selector),
      document,
    );
  const look = () => {
    if (!all.every(find)) {
      requestAnimationFrame(look);
      return;
    }
    // The frame after this one has been painted with it.
    requestAnimationFrame(() => setTimeout(() => Object.assign(window, { paintedAt: performance.now() })));
  };
  requestAnimationFrame(look);
}
