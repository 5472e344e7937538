/**
 * `npm run build`: client/ and sw/ become dist/, the folder that the server serves; another folder, if one is named.
 * The order matters: the page names its script, the worker's precache holds the hash of the page. It is made beside the
 * last one and put in its place when it is whole, so that a build that fails breaks nothing.
 */
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { judge, weigh } from './budgets.ts';
import { bundle, finishWorkers } from './bundle.ts';
import { writePage } from './page.ts';
import { precompress } from './precompress.ts';
import { keepPreviousAssets } from './previous-assets.ts';
import { writeWords } from './words.ts';

const root = path.join(import.meta.dirname, '..');
const place = path.resolve(process.argv[2] ?? path.join(root, 'dist'));
const dist = `${place}.new`;
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
  version: string;
};

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

await cp(path.join(root, 'manifest.webmanifest'), path.join(dist, 'manifest.webmanifest'));
for (const pictures of ['icons', 'screenshots']) {
  await cp(path.join(root, 'client', pictures), path.join(dist, pictures), { recursive: true });
}
const { scripts, moduleWorker } = await bundle(root, dist, process.env['APP_VERSION'] || version);
const packs = await writeWords(root, dist);
await writePage(root, dist, scripts, packs);
const precached = await finishWorkers(root, dist, moduleWorker);
await precompress(dist);

const weights = await weigh(dist, precached, scripts.entry);
const { table, broken, owed } = judge(weights, ['/index.html', ...scripts.imported, packs.en.address]);
console.log(table);
for (const sentence of owed) console.warn(sentence);
if (broken.length > 0) {
  console.error(broken.join('\n'));
  process.exit(1);
}

// Only now, so that neither the precache nor the weight counts them.
await keepPreviousAssets(place, dist, new Date());
await rm(place, { recursive: true, force: true });
await rename(dist, place);
