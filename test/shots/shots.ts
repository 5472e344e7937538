/**
 * `npm run shots`: pictures of every state of the gallery and of the main screens of the real app, light and dark, at three
 * widths, in `.shots/`; and one page with all of them. Builds first. SHOTS=thread takes only those whose name has that in
 * it; SHOTS_LANG=ar is the language of the gallery.
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Page } from 'playwright/test';
import { browserArguments, findChromium } from '../../.config/browser.ts';
import '../../.config/build.ts';
import { visitMainScreens } from '../e2e/main-screens.ts';
import { openState, stateNames } from '../gallery/open-state.ts';
import { serveGallery } from '../gallery/serve-gallery.ts';
import { writeContactSheet, type Shot } from './contact-sheet.ts';

const folder = path.join(import.meta.dirname, '../../.shots');
const [phone, ...wider] = [
  { width: 360, height: 740 },
  { width: 820, height: 1100 },
  { width: 1366, height: 850 },
] as const;
const themes = ['light', 'dark'] as const;
const screen = { viewport: phone, reducedMotion: 'reduce', locale: 'en-GB' } as const;
const language = process.env['SHOTS_LANG'] || 'en';
const wanted = process.env['SHOTS'] || '';
const shots: Shot[] = [];

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const executablePath = findChromium();
const browser = await chromium.launch({
  args: browserArguments,
  ...(executablePath === undefined ? {} : { executablePath }),
});
const gallery = await serveGallery();

const page = await browser.newPage(screen);
for (const name of await stateNames(page, gallery.url)) {
  if (!name.includes(wanted)) continue;
  await openState(page, gallery.url, name, { lang: language });
  await take(name, page);
}
await page.close();
if ('app'.includes(wanted) || wanted.startsWith('app')) await visitMainScreens(browser, screen, take);

await gallery.close();
await browser.close();
const sheet = await writeContactSheet(folder, shots);
console.log(`${shots.length} pictures are in ${folder}`);
console.log(`all of them on one page: ${sheet}`);

async function take(name: string, shown: Page): Promise<void> {
  for (const size of [phone, ...wider]) {
    await shown.setViewportSize(size);
    for (const theme of themes) {
      await shown.evaluate(wearTheme, theme);
      const file = `${name}.${theme}.${size.width}.png`;
      await shown.screenshot({ path: path.join(folder, file), animations: 'disabled' });
      shots.push({ screen: name, variant: `${theme} ${size.width}`, file });
    }
  }
  await shown.setViewportSize(phone);
  await shown.evaluate(() => delete document.documentElement.dataset['theme']);
}

/** In the page; done when it was painted like that. */
async function wearTheme(theme: string): Promise<void> {
  document.documentElement.dataset['theme'] = theme;
  for (let frames = 0; frames < 2; frames += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}
