/**
 * The bundles: the page's script in two steps (the sign-in, and all behind it), and the service worker in one.
 * Every chunk is precached, and the server keeps those of earlier builds, so that no release takes one from an open page.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, transform, type BuildOptions, type Plugin } from 'esbuild';
import { injectManifest } from 'workbox-build';

/** What a device keeps to start without a network. All else (source maps, large icons) is fetched when wanted. */
const precached = [
  'index.html',
  'assets/*.{js,json}',
  'manifest.webmanifest',
  'icons/icon.svg',
  'icons/icon-192.png',
];

const shared: BuildOptions = {
  bundle: true,
  minify: true,
  target: 'es2022',
  charset: 'utf8',
  sourcemap: 'linked',
  legalComments: 'external',
  metafile: true,
  logLevel: 'warning',
};
const production = { 'process.env.NODE_ENV': '"production"' };

/**
 * Templates and styles keep their indentation in a bundle, because it could mean something there. In ui/ it never does,
 * and it is a tenth of what a phone has to load.
 */
const withoutIndentation: Plugin = {
  name: 'without-indentation',
  setup({ onLoad }) {
    onLoad({ filter: /client[\\/]ui[\\/][^\\/]+\.ts$/ }, async ({ path: file }) => ({
      loader: 'ts',
      contents: await minifyStyles((await readFile(file, 'utf8')).replace(/^[ \t]+/gm, '')),
    }));
  },
};

/** Styles without anything filled in are plain CSS, which esbuild can minify. */
async function minifyStyles(source: string): Promise<string> {
  let minified = source;
  for (const [whole, styles] of source.matchAll(/css`([^`$]*)`/g)) {
    const { code } = await transform(styles!, { loader: 'css', minify: true, target: shared.target! });
    minified = minified.replace(whole, () => `css\`${code.trim()}\``);
  }
  return minified;
}

/** What a page loads first, and what it loads beside it. Addresses. */
export interface FirstScripts {
  entry: string;
  /** What the entry imports at once. */
  imported: string[];
  /** All that is behind the sign-in. */
  chatPage: string;
}

/** Bundles the page's scripts under names that change with their content; `version` is what the settings show. */
export async function bundlePage(root: string, dist: string, version: string): Promise<FirstScripts> {
  const { metafile } = await build({
    ...shared,
    absWorkingDir: root,
    entryPoints: { app: path.join(root, 'client/main.ts') },
    outdir: path.join(dist, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    format: 'esm',
    splitting: true,
    define: { ...production, __VERSION__: JSON.stringify(version) },
    plugins: [withoutIndentation],
    // Browsers with service workers need no ES5.
    alias: { 'workbox-window': 'workbox-window/build/workbox-window.prod.mjs' },
  });
  const outputs = Object.entries(metafile?.outputs ?? {});
  const [entry, output] = outputs.find(([, { entryPoint }]) => entryPoint === 'client/main.ts') ?? [];
  if (entry === undefined || !output) throw new Error('The page was bundled into nothing.');
  const address = (file: string) => `/assets/${path.basename(file)}`;
  const importedAs = (wanted: string) =>
    output.imports.filter(({ kind }) => kind === wanted).map(({ path: file }) => address(file));
  const [chatPage] = importedAs('dynamic-import');
  if (chatPage === undefined) throw new Error('What is behind the sign-in was bundled into nothing.');
  return { entry: address(entry), imported: importedAs('import-statement'), chatPage };
}

/**
 * Bundles the service worker and writes into it the list of what it precaches: after everything else, since the list
 * holds the hashes of what stands in `dist`. Returns the addresses precached.
 */
export async function bundleWorker(root: string, dist: string): Promise<string[]> {
  const bundled = path.join(root, 'node_modules/.cache/opentalk', path.basename(dist));
  await build({
    ...shared,
    absWorkingDir: root,
    entryPoints: { sw: path.join(root, 'sw/sw.ts') },
    outdir: bundled,
    format: 'iife',
    sourcemap: false,
    define: production,
  });
  const { count, warnings } = await injectManifest({
    swSrc: path.join(bundled, 'sw.js'),
    swDest: path.join(dist, 'sw.js'),
    globDirectory: dist,
    globPatterns: precached,
    dontCacheBustURLsMatching: /^assets\//,
  });
  if (warnings.length > 0) throw new Error(`The precache is not as it should be: ${warnings.join(' ')}`);
  const worker = await readFile(path.join(dist, 'sw.js'), 'utf8');
  const addresses = [...worker.matchAll(/"url":"([^"]+)"/g)].map(([, url]) => url!);
  if (addresses.length !== count || count === 0) throw new Error('The worker does not hold its precache.');
  return addresses;
}
