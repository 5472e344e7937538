/**
 * Builds the gallery and serves it: one page, one script, the icon and the words of the app. Built once, at the start;
 * nothing is written to the disk.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import { languages } from '../../client/words/languages.ts';

const root = path.join(import.meta.dirname, '../..');

export interface Gallery {
  url: string;
  close(): Promise<void>;
}

export async function serveGallery(port = 0): Promise<Gallery> {
  const page = { type: 'text/html', body: await makePage() };
  const files = new Map([
    ['/gallery.js', { type: 'text/javascript', body: await bundle() }],
    ['/icons/icon.svg', { type: 'image/svg+xml', body: await read('client/icons/icon.svg') }],
  ]);
  for (const language of Object.keys(languages)) {
    const body = await read(`client/words/${language}.json`);
    files.set(`/words/${language}.json`, { type: 'application/json', body });
  }
  const server = createServer(({ url = '/' }, response) => {
    // Every other address is one of the app's, which the page makes of itself.
    const { type, body } = files.get(new URL(url, 'http://gallery').pathname) ?? page;
    response.setHeader('Content-Type', `${type}; charset=utf-8`);
    response.end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** With the styles of the app, and what index.html holds before anybody is signed in. */
async function makePage(): Promise<string> {
  const [page, index, ...styles] = await Promise.all(
    ['test/gallery/page.html', 'client/index.html', 'client/tokens.css', 'client/styles.css'].map(read),
  );
  const [app] = /<ot-app>.*<\/ot-app>/s.exec(index!) ?? [];
  if (app === undefined) throw new Error('client/index.html holds no <ot-app>.');
  return page!
    .replace('<!-- styles -->', () => `<style>${styles.join('')}</style>`)
    .replace('<!-- app -->', () => app);
}

function read(file: string): Promise<string> {
  return readFile(path.join(root, file), 'utf8');
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path.join(root, 'test/gallery/page.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    sourcemap: 'inline',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"', __VERSION__: '"1.0.0"' },
  });
  return outputFiles[0]!.text;
}
