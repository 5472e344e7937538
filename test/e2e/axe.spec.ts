/** Nothing that axe knows of keeps anybody from using the app: in every state of the gallery, and in the app itself. */
import { expect, test, type Page } from 'playwright/test';
import { openState, stateNames } from '../gallery/open-state.ts';
import { serveGallery, type Gallery } from '../gallery/serve-gallery.ts';
import { axeFindings } from './axe.ts';
import { visitMainScreens } from './main-screens.ts';

// Many states, and other tests beside them on few cores.
test.setTimeout(300_000);

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
  for (const findings of [wrong, await axeFindings(page, ['color-contrast'])]) {
    expect(findings).toContainEqual(expect.stringMatching(/^color-contrast: ot-app .* ot-message/));
  }
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

/** A theme is nothing but colours: all else is the same in the dark. */
async function findingsInBothThemes(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const inLight = await axeFindings(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const inDark = await axeFindings(page, ['color-contrast']);
  return [...inLight.map((finding) => `light: ${finding}`), ...inDark.map((finding) => `dark: ${finding}`)];
}
