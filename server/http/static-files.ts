/**
 * The built page, worker and pictures: compressed at build time, hashed names kept for ever, the rest asked for anew.
 *
 * All of it is read once, at the start. A build under a running server thus changes nothing until the server is started
 * anew: page, worker and the headers made from them are always of one build.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Request, RequestHandler, Response } from 'express';
import { workerPolicy } from './page-headers.ts';
import { noWorkerMark, retiringWorker } from './retire-worker.ts';

type Encoding = 'br' | 'gzip' | 'identity';
type Form = { body: Buffer; etag: string };
/** One file in the encodings that there are of it. */
type ServedFile = Partial<Record<Encoding, Form>> & { identity: Form; revision: string };

const suffixes = { br: '.br', gzip: '.gz', identity: '' } as const;
const shell = '/index.html';
/** The worker: in one piece, and as a module. No other script may become one. */
const workers = ['/sw.js', '/sw.mjs'];

/** Serves `folder`; every path without a dot that is not /api is the page, which finds its own way. */
export function staticFiles(folder: string, { serviceWorker }: { serviceWorker: boolean }): RequestHandler {
  const files = readFiles(folder);
  if (!serviceWorker) {
    for (const worker of workers) files.set(worker, plain(retiringWorker));
    const page = files.get(shell)!.identity.body.toString();
    files.set(shell, plain(page.replace('</title>', `</title>${noWorkerMark}`)));
  }
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const address = files.has(request.path) || !isOfTheApp(request.path) ? request.path : shell;
    const file = files.get(address);
    if (!file || isAskedForWrongly(request, address, file)) return next();
    const encodings = (Object.keys(suffixes) as Encoding[]).filter((encoding) => file[encoding]);
    const encoding = (request.acceptsEncodings(encodings) || 'identity') as Encoding;
    const { body, etag } = file[encoding] ?? file.identity;
    if (encoding !== 'identity') response.set('Content-Encoding', encoding);
    setHeaders(response, address);
    response.set({ ETag: etag, Vary: 'Accept-Encoding' });
    response.type(path.extname(address)).send(body);
  };
}

/** A nick may have a dot in it; any other path with one names a file. */
function isOfTheApp(address: string): boolean {
  return (
    address.startsWith('/c/') ||
    !(address.includes('.') || /^\/(api|healthz|readyz|metrics)(\/|$)/.test(address))
  );
}

function isAskedForWrongly(request: Request, address: string, file: ServedFile): boolean {
  if (request.get('Service-Worker') === 'script') return !workers.includes(address);
  // A worker of the kind that Workbox filled asks so for what belongs to its own build: it must not keep ours in its place.
  const revision = request.query['__WB_REVISION__'];
  return revision !== undefined && revision !== file.revision;
}

function setHeaders(response: Response, address: string): void {
  const isHashed = address.startsWith('/assets/');
  response.set('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (workers.includes(address)) {
    response.set('Content-Security-Policy', workerPolicy(address.endsWith('.mjs')));
  }
}

/** Address → file. Hidden files are notes of the build. */
function readFiles(folder: string): Map<string, ServedFile> {
  const files = new Map<string, ServedFile>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.name.startsWith('.') || /\.(br|gz)$/.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const served = plain(readFileSync(file));
    for (const encoding of ['br', 'gzip'] as const) {
      const compressed = file + suffixes[encoding];
      if (existsSync(compressed)) served[encoding] = form(readFileSync(compressed));
    }
    files.set(`/${path.relative(folder, file).replaceAll(path.sep, '/')}`, served);
  }
  return files;
}

/** A file that is not compressed. Workbox calls it by the MD5 of its content. */
function plain(content: Buffer | string): ServedFile {
  const body = Buffer.from(content);
  return { identity: form(body), revision: createHash('md5').update(body).digest('hex') };
}

function form(body: Buffer): Form {
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}
