/**
 * The bundles: the page's script in two steps (the sign-in, and all behind it), and the service worker, which shares with
 * the page what both need. Every chunk is precached, and the server keeps those of earlier builds, so that no release
 * takes one from an open page or a worker.
 */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { injectManifest, type ManifestEntry } from 'workbox-build';
import { minifierMark, minifyOutput } from './minify-output.ts';
import { minifySource, plainNames } from './minify-source.ts';

const page = 'client/main.ts';
const chatPage = 'client/chat-page.ts';
const worker = 'sw/sw.ts';

/** What a device keeps to start without a network. All else (source maps, large icons) is fetched when wanted. */
const precached = [
  'index.html',
  'assets/*.{js,json}',
  'manifest.webmanifest',
  'icons/icon.svg',
  'icons/icon-192.png',
];

const target = 'es2022';
const shared: BuildOptions = {
  bundle: true,
  minify: true,
  target,
  charset: 'utf8',
  sourcemap: 'linked',
  legalComments: 'external',
  metafile: true,
  logLevel: 'warning',
};
const production = { 'process.env.NODE_ENV': '"production"' };

/** The scripts as a page loads them. Addresses, but for the entry. */
export interface Scripts {
  /** What runs first, itself: it goes into the page, which has to be asked for anyway. */
  entry: string;
  /** What the entry imports at once. */
  imported: string[];
  /** All that is behind the sign-in: its entry, and what that imports beside the above. */
  chatPage: string[];
}

/** What one run of the bundler gave. */
export interface Bundle {
  scripts: Scripts;
  /** The service worker as a module, without its list of files. A file. */
  moduleWorker: string;
}

/**
 * Bundles page and worker under names that change with their content, what they share in chunks that both load;
 * `version` is what the settings show.
 */
export async function bundle(root: string, dist: string, version: string): Promise<Bundle> {
  const { metafile } = await build({
    ...shared,
    absWorkingDir: root,
    entryPoints: [
      { in: path.join(root, page), out: 'assets/app' },
      { in: path.join(root, worker), out: 'sw' },
    ],
    outdir: dist,
    entryNames: '[dir]/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    format: 'esm',
    splitting: true,
    mangleProps: plainNames,
    banner: { js: minifierMark },
    define: { ...production, __VERSION__: JSON.stringify(version) },
    plugins: [minifySource(target)],
    // Browsers with service workers need no ES5.
    alias: { 'workbox-window': 'workbox-window/build/workbox-window.prod.mjs' },
  });
  const outputs = metafile?.outputs ?? {};
  const bundled = Object.keys(outputs).filter((file) => file.endsWith('.js'));
  await Promise.all(bundled.map((file) => minifyOutput(path.join(root, file))));
  const address = (file: string) =>
    `/${path.relative(dist, path.join(root, file)).replaceAll(path.sep, '/')}`;
  const outputOf = (source: string) => {
    const [file, output] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === source) ?? [];
    if (file === undefined || !output) throw new Error(`${source} was bundled into nothing.`);
    const imported = output.imports.filter(({ kind }) => kind === 'import-statement');
    return { file, imported: imported.map((one) => address(one.path)) };
  };
  const [app, chat, sw] = [page, chatPage, worker].map(outputOf);
  const entryFile = path.join(root, app!.file);
  const entry = await readFile(entryFile, 'utf8');
  await rm(entryFile);
  return {
    scripts: {
      // What it names stands beside it no more.
      entry: entry
        .replaceAll(/(\bfrom|\bimport\(?)"\.\//g, '$1"/assets/')
        .replace(/(?<=sourceMappingURL=)/, '/assets/')
        .trim(),
      imported: app!.imported,
      chatPage: [address(chat!.file), ...chat!.imported.filter((one) => !app!.imported.includes(one))],
    },
    moduleWorker: path.join(root, sw!.file),
  };
}

/**
 * Writes into both forms of the worker the list of what they precache: after everything else, since it holds the hashes
 * of what stands in `dist`. Returns the addresses precached.
 */
export async function finishWorkers(root: string, dist: string, moduleWorker: string): Promise<string[]> {
  const bundled = path.join(root, 'node_modules/.cache/opentalk', path.basename(dist));
  // The same in one piece: what browsers have from before modules, and ask for again, and what older ones can run.
  await build({
    ...shared,
    absWorkingDir: root,
    entryPoints: { sw: path.join(root, worker) },
    outdir: bundled,
    format: 'iife',
    sourcemap: false,
    define: production,
  });
  await listFiles(path.join(bundled, 'sw.js'), dist, 'sw.js');
  const addresses = await listFiles(moduleWorker, dist, 'sw.mjs');
  await rm(moduleWorker);
  return addresses;
}

async function listFiles(swSrc: string, dist: string, name: string): Promise<string[]> {
  const { count, warnings } = await injectManifest({
    swSrc,
    swDest: path.join(dist, name),
    globDirectory: dist,
    globPatterns: precached,
    modifyURLPrefix: { '': '/' },
    manifestTransforms: [(entries) => withIntegrity(dist, entries)],
  });
  if (warnings.length > 0) throw new Error(`The precache is not as it should be: ${warnings.join(' ')}`);
  const script = await readFile(path.join(dist, name), 'utf8');
  const addresses = [...script.matchAll(/"url":"([^"]+)"/g)].map(([, url]) => url!);
  if (addresses.length !== count || count === 0) throw new Error('The worker does not hold its precache.');
  return addresses;
}

/** The hash of each file in place of Workbox's: the browser itself can check it. */
async function withIntegrity(dist: string, entries: (ManifestEntry & { size: number })[]) {
  const manifest = await Promise.all(
    entries.map(async ({ url, size }) => {
      const content = await readFile(path.join(dist, url));
      const integrity = `sha256-${createHash('sha256').update(content).digest('base64')}`;
      return { url, size, integrity } as ManifestEntry & { size: number };
    }),
  );
  return { manifest };
}
