/** Nothing that axe knows of keeps anybody from using the app: in every state of the gallery, and in the app itself. */
import { expect, test, type Page } from 'playwright/test';
import { openState, stateNames } from '../gallery/open-state.ts';
import { serveGallery, type Gallery } from '../gallery/serve-gallery.ts';
import { axeFindings } from './axe.ts';
import { visitMainScreens } from './main-screens.ts';

const phone = { viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' } as const;
let gallery: Gallery;

test.beforeAll(async () => {
  gallery = await serveGallery();
});
test.afterAll(() => gallery.close());

test('axe looks into every component, and sees its colours', async ({ page }) => {
  await openState(page, gallery.url, 'thread');
  await page
    .locator('ot-message .text')
    .last()
    .evaluate((text) => {
      text.append(document.createElement('img'));
      text.style.setProperty('color', '#bbb');
    });
  const wrong = await axeFindings(page);
  expect(wrong).toContainEqual(expect.stringMatching(/^image-alt: ot-app .* ot-message/));
  expect(wrong).toContainEqual(expect.stringMatching(/^color-contrast: ot-app .* ot-message/));
});

test('axe finds nothing wrong in any state of the gallery, light and dark', async ({ browser }) => {
  const page = await browser.newPage(phone);
  const wrong: string[] = [];
  for (const name of await stateNames(page, gallery.url)) {
    await openState(page, gallery.url, name);
    wrong.push(...(await findingsInBothThemes(page)).map((finding) => `${name}: ${finding}`));
  }
  await page.close();
  expect(wrong).toEqual([]);
});

test('axe finds nothing wrong on the main screens of the app, light and dark', async ({ browser }) => {
  const wrong: string[] = [];
  await visitMainScreens(browser, phone, async (name, page) => {
    wrong.push(...(await findingsInBothThemes(page)).map((finding) => `${name}: ${finding}`));
  });
  expect(wrong).toEqual([]);
});

async function findingsInBothThemes(page: Page): Promise<string[]> {
  const findings: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    findings.push(...(await axeFindings(page)).map((finding) => `${colorScheme}: ${finding}`));
  }
  return findings;
}
