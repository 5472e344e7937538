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
await writePage(root, dist, await bundlePage(root, dist));
const precached = await bundleWorker(root, dist);
await precompress(dist);

const tooHeavy = await weigh(dist, [...precached, 'sw.js']);
// Said, not enforced: a heavy page works.
for (const sentence of tooHeavy) console.warn(`Over budget: ${sentence}.`);
