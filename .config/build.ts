/**
 * `npm run build`: client/ and sw/ become dist/, the folder that the server serves.
 * The order matters: the page names its script, the worker's precache holds the hash of the page.
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { weigh } from './budgets.ts';
import { bundlePage, bundleWorker } from './bundle.ts';
import { writePage } from './page.ts';
import { precompress } from './precompress.ts';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

await rm(dist, { recursive: true, force: true });
await mkdir(dist);

await cp(path.join(root, 'manifest.webmanifest'), path.join(dist, 'manifest.webmanifest'));
await cp(path.join(root, 'client/icons'), path.join(dist, 'icons'), { recursive: true });
const first = await bundlePage(root, dist);
await writePage(root, dist, first);
const precached = await bundleWorker(root, dist);
await precompress(dist);

const tooHeavy = await weigh(dist, [...precached, 'sw.js'], ['/index.html', first.entry, ...first.imported]);
// Said, not enforced: a heavy page works.
for (const sentence of tooHeavy) console.warn(`Over budget: ${sentence}.`);
