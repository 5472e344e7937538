/**
 * `npm run icons`: draws the PNGs that systems ask for from client/icons/icon.svg. They are kept in the repository,
 * so this is for whoever changes the drawing.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright';
import { browserArguments, findChromium } from './browser.ts';
import { indexedPng } from './indexed-png.ts';

const icons = path.join(import.meta.dirname, '../client/icons');
const accent = '#006d54';

interface Picture {
  file: string;
  size: number;
  /** Filled to the corners, for systems that cut the shape themselves. */
  fills: boolean;
  /** How much of the width the drawing takes: of a maskable icon, only the middle 80 % is sure to be seen. */
  scale: number;
}

const pictures: Picture[] = [
  { file: 'icon-192.png', size: 192, fills: false, scale: 1 },
  { file: 'icon-512.png', size: 512, fills: false, scale: 1 },
  { file: 'icon-maskable-512.png', size: 512, fills: true, scale: 0.9 },
  { file: 'apple-touch-icon.png', size: 180, fills: true, scale: 1 },
];

const drawing = `data:image/svg+xml;base64,${await readFile(path.join(icons, 'icon.svg'), 'base64')}`;
const executablePath = findChromium();
const browser = await chromium.launch({
  args: browserArguments,
  ...(executablePath === undefined ? {} : { executablePath }),
});
const page = await browser.newPage();
for (const picture of pictures) {
  const pixels = Buffer.from(await page.evaluate(draw, { ...picture, drawing, accent }), 'base64');
  await writeFile(path.join(icons, picture.file), indexedPng(pixels, picture.size));
}
await browser.close();

/** Runs in the browser. Returns the pixels in base64. */
async function draw(picture: Picture & { drawing: string; accent: string }): Promise<string> {
  const { size, scale } = picture;
  const canvas = new OffscreenCanvas(size, size).getContext('2d');
  if (!canvas) throw new Error('This browser cannot draw.');
  if (picture.fills) {
    canvas.fillStyle = picture.accent;
    canvas.fillRect(0, 0, size, size);
  }
  const image = new Image(size, size);
  image.src = picture.drawing;
  await image.decode();
  const margin = (size * (1 - scale)) / 2;
  canvas.drawImage(image, margin, margin, size * scale, size * scale);
  return new Uint8Array(canvas.getImageData(0, 0, size, size).data.buffer).toBase64();
}
