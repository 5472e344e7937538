/**
 * The app looks as it did when somebody last looked at it and found it good (`npm run shots:accept`). Pictures depend on
 * the browser and on the letters of the machine: where these are others than those of the pictures, the comparison is
 * left out, and says so.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test, type Page } from 'playwright/test';
import { openState } from '../gallery/open-state.ts';
import { serveGallery, type Gallery } from '../gallery/serve-gallery.ts';

/** One of each kind: whoever wants to see all of them takes `npm run shots`. */
const states = [
  ...['sign-in-taken', 'sign-in-checking', 'people', 'people-empty', 'people-left-behind', 'people-install'],
  ...['search', 'thread-top', 'thread-queued', 'thread-failed', 'thread-away', 'messages', 'offline-thread'],
  ...['composer-too-long', 'bars', 'queue-refused', 'message-own', 'settings', 'storage-notices'],
  ...['new-version', 'signed-out'],
];
/** Where the pictures are: snapshotPathTemplate of playwright.config.ts. */
const folder = path.join(import.meta.dirname, 'looks');
const fingerprintFile = path.join(folder, 'machine.json');

// Many states, and other tests beside them on few cores.
test.setTimeout(300_000);
test.use({ viewport: { width: 360, height: 740 }, locale: 'en-GB', reducedMotion: 'reduce' });
let gallery: Gallery;

test.beforeAll(async () => {
  gallery = await serveGallery();
});
test.afterAll(() => gallery.close());

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test(`every kind of state looks as it was found good, ${colorScheme}`, async ({ page }, { config }) => {
      const machine = await fingerprint(page);
      if (config.updateSnapshots === 'all') await keep(machine);
      const reason = await whyNotComparable(machine);
      // A report does not always say why a test was left out.
      if (reason !== undefined) console.log(reason);
      test.skip(reason !== undefined, reason);
      for (const state of states) {
        await openState(page, gallery.url, state);
        await expect.soft(page).toHaveScreenshot(`${state}-${colorScheme}.png`, {
          // Two machines with the same browser and letters still round a few edges differently.
          threshold: 0.08,
          maxDiffPixels: 300,
          // The port is another one each time.
          mask: [page.locator('.address')],
        });
      }
    });
  });
}

/** What a picture depends on beside the app: the browser, and how wide the letters of each script are here. */
async function fingerprint(page: Page): Promise<object> {
  await page.goto(`${gallery.url}/?list`);
  const widths = await page.evaluate(() => {
    const pen = document.createElement('canvas').getContext('2d')!;
    const samples = ['Hamburgefonstiv', 'أبجد هوز', '明日の朝、橋で', 'Привет', '🥾👋😂'];
    return ['16px system-ui', '600 16px system-ui'].flatMap((font) => {
      pen.font = font;
      return samples.map((sample) => Number(pen.measureText(sample).width.toFixed(2)));
    });
  });
  // What is mended within a major version does not change how a page is drawn.
  const [browser] = page.context().browser()!.version().split('.');
  return { browser, widths };
}

async function keep(machine: object): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(fingerprintFile, `${JSON.stringify(machine, undefined, 2)}\n`);
}

async function whyNotComparable(machine: object): Promise<string | undefined> {
  if (!existsSync(fingerprintFile)) {
    return 'Left out: there are no pictures to compare with. `npm run shots:accept` takes them.';
  }
  const kept: unknown = JSON.parse(await readFile(fingerprintFile, 'utf8'));
  if (isDeepStrictEqual(kept, machine)) return undefined;
  return 'Left out: the pictures were taken with another browser, or with other fonts.';
}
