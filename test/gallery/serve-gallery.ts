/**
 * Builds the gallery and serves it: one page, one script, the pictures of the app. Built once, at the start; nothing is
 * written to the disk.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '../..');

export interface Gallery {
  url: string;
  close(): Promise<void>;
}

export async function serveGallery(port = 0): Promise<Gallery> {
  const [page, script, icon] = await Promise.all([
    makePage(),
    bundle(),
    readFile(path.join(root, 'client/icons/icon.svg'), 'utf8'),
  ]);
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://gallery');
    const [type, body] =
      pathname === '/gallery.js'
        ? ['text/javascript', script]
        : pathname === '/icons/icon.svg'
          ? ['image/svg+xml', icon]
          : ['text/html', page];
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
  const [page, index, styles] = await Promise.all(
    ['test/gallery/page.html', 'client/index.html', 'client/styles.css'].map((file) =>
      readFile(path.join(root, file), 'utf8'),
    ),
  );
  const [app] = /<ot-app>.*<\/ot-app>/s.exec(index!) ?? [];
  if (app === undefined) throw new Error('client/index.html holds no <ot-app>.');
  return page!
    .replace('<!-- styles -->', () => `<style>${styles}</style>`)
    .replace('<!-- app -->', () => app);
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
