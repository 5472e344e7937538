/**
 * The two bundles: the page's one script, and the service worker. Each is a single file, because a lazy chunk
 * is a file that the next release takes away from a page that is still open.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { getManifest } from 'workbox-build';

/** What a device keeps to start without a network. All else (source maps, large icons) is fetched when wanted. */
const precached = [
  'index.html',
  'assets/*.js',
  'manifest.webmanifest',
  'icons/icon.svg',
  'icons/icon-192.png',
];

const shared: BuildOptions = {
  bundle: true,
  minify: true,
  target: 'es2022',
  sourcemap: 'linked',
  legalComments: 'external',
  metafile: true,
  logLevel: 'warning',
};
const production = { 'process.env.NODE_ENV': '"production"' };

/** Bundles the page's script under a name that changes with its content. Returns its address. */
export async function bundlePage(root: string, dist: string): Promise<string> {
  const { metafile } = await build({
    ...shared,
    absWorkingDir: root,
    entryPoints: { app: path.join(root, 'client/main.ts') },
    outdir: path.join(dist, 'assets'),
    entryNames: '[name]-[hash]',
    format: 'esm',
    define: production,
  });
  const script = Object.keys(metafile?.outputs ?? {}).find((file) => file.endsWith('.js'));
  if (script === undefined) throw new Error('The page was bundled into nothing.');
  return `/assets/${path.basename(script)}`;
}

/**
 * Bundles the service worker with the list of what it precaches in the place of `self.__WB_MANIFEST`:
 * after everything else, since it holds the hashes of what stands in `dist`. Returns the addresses precached.
 */
export async function bundleWorker(root: string, dist: string): Promise<string[]> {
  const { manifestEntries, warnings } = await getManifest({
    globDirectory: dist,
    globPatterns: precached,
    dontCacheBustURLsMatching: /^assets\//,
  });
  if (warnings.length > 0) throw new Error(`The precache is not as it should be: ${warnings.join(' ')}`);
  await build({
    ...shared,
    absWorkingDir: root,
    entryPoints: { sw: path.join(root, 'sw/sw.ts') },
    outdir: dist,
    format: 'iife',
    define: { ...production, 'self.__WB_MANIFEST': JSON.stringify(manifestEntries) },
  });
  const worker = await readFile(path.join(dist, 'sw.js'), 'utf8');
  const addresses = manifestEntries.map(({ url }) => url);
  const missing = addresses.filter((address) => !worker.includes(address));
  if (missing.length > 0)
    throw new Error(`sw/ does not precache self.__WB_MANIFEST: no ${missing.join(', ')}.`);
  return addresses;
}
