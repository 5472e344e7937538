/** Firefox, driven over WebDriver BiDi. */
import { existsSync } from 'node:fs';
import { launch } from 'puppeteer-core';
import type { DrivenBrowser } from './driven-browser.ts';

const places = [process.env['FIREFOX_PATH'] ?? '', '/usr/bin/firefox', '/usr/bin/firefox-esr'];
export const firefoxPath = places.find((file) => file !== '' && existsSync(file));

export async function startFirefox(executablePath: string): Promise<DrivenBrowser> {
  const browser = await launch({ browser: 'firefox', executablePath, headless: true });
  let page = await browser.newPage();
  return {
    version: await browser.version(),
    async open(address) {
      await page.close();
      page = await browser.newPage();
      await page.setViewport({ width: 390, height: 844 });
      await page.goto(address);
    },
    run: (expression) => page.evaluate(expression),
    async type(text) {
      for (const part of text.split(/(\n)/)) {
        if (part === '\n') await page.keyboard.press('Enter');
        else await page.keyboard.type(part);
      }
    },
    picture: async () => Buffer.from(await page.screenshot()),
    quit: () => browser.close(),
  };
}
