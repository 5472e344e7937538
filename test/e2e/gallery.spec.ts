/** Every state of the gallery on a small phone: fingers find what they press, large letters fit, and nothing moves unasked. */
import { expect, test, type Page } from 'playwright/test';
import { openState, stateNames } from '../gallery/open-state.ts';
import { serveGallery, type Gallery } from '../gallery/serve-gallery.ts';
import { cutOff, runningAnimations, smallTargets } from './page-survey.ts';

// Many states, and other tests beside them on few cores.
test.setTimeout(300_000);

const phone = { viewport: { width: 360, height: 740 } };
let gallery: Gallery;

test.beforeAll(async () => {
  gallery = await serveGallery();
});
test.afterAll(() => gallery.close());

test('everything that can be pressed is as large as a finger', async ({ browser }) => {
  const page = await browser.newPage({ ...phone, hasTouch: true, isMobile: true });
  expect(await findings(page, smallTargets)).toEqual([]);
  await page.close();
});

test('with letters twice as large nothing is cut off, and no page is wider than the screen', async ({
  browser,
}) => {
  const page = await browser.newPage(phone);
  const wrong = await findings(page, async () => {
    await page.evaluate(async () => {
      document.documentElement.style.setProperty('font-size', '200%');
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
    return cutOff(page);
  });
  expect(wrong).toEqual([]);
  await page.close();
});

test('nothing moves for whoever wants no motion', async ({ browser }) => {
  const page = await browser.newPage(phone);
  await openState(page, gallery.url, 'bars');
  expect(await runningAnimations(page)).toContain('progress');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await findings(page, runningAnimations)).toEqual([]);
  await page.close();
});

async function findings(page: Page, look: (page: Page) => Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  for (const name of await stateNames(page, gallery.url)) {
    await openState(page, gallery.url, name);
    found.push(...(await look(page)).map((sentence) => `${name}: ${sentence}`));
  }
  return found;
}
