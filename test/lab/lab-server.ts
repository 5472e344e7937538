/**
 * The page with the dials, on loopback. It can cut a network, so it listens only to itself: to its own page, under its
 * own name, in JSON.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { boolean, either, numberFrom, object, oneOf, optional, parse } from '../../server/protocol/schema.ts';
import { journeyNames } from './journeys.ts';
import { acts, type Act, type LabNetwork } from './lab-network.ts';

const number = optional(numberFrom(0));
const onOff = optional(boolean);
const commandSchema = either(
  object({ act: oneOf(...(Object.keys(acts) as Act[])) }),
  either(
    object({ journey: oneOf(...journeyNames) }),
    object({
      dials: object({
        tunnel: onOff,
        stalled: onOff,
        portal: onOff,
        cuts: onOff,
        kbit: number,
        delayMs: number,
        bufferKiB: number,
      }),
    }),
  ),
);

const mostBodyBytes = 4_096;
const refreshMs = 500;

export async function startLabServer(network: LabNetwork, port: number) {
  const page = await makePage(`http://localhost:${network.port}/`);
  const watchers = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) refuse(response, 500, 'The lab has a fault of its own; see its terminal.');
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Another name for this address would be somebody else's page.
    if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.headers.host ?? '')) {
      return refuse(response, 403, 'The lab is at localhost only.');
    }
    const route = `${request.method} ${request.url}`;
    if (route === 'GET /') return void response.writeHead(200, page.headers).end(page.html);
    if (route === 'GET /api/network') return watch(response);
    if (route === 'POST /api/network') return obey(request, response);
    refuse(response, 404, 'There is nothing here.');
  }

  function watch(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    watchers.add(response);
    response.on('close', () => watchers.delete(response));
    tell(response);
  }

  function tell(response: ServerResponse): void {
    response.write(`data: ${JSON.stringify(network.state())}\n\n`);
  }

  async function obey(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin, host, 'sec-fetch-site': site = 'same-origin' } = request.headers;
    const isOwn = site === 'same-origin' && (origin === undefined || origin === `http://${host}`);
    if (!isOwn) return refuse(response, 403, 'Only the page of the lab turns its dials.');
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
      return refuse(response, 415, 'Say it in JSON.');
    }
    const command = parse(commandSchema, await readJson(request));
    if (!command) return refuse(response, 400, 'There is no such dial, act or journey.');
    if ('act' in command) network.act(command.act);
    else if ('journey' in command) network.travel(command.journey);
    else network.turn(command.dials);
    response.writeHead(204).end();
  }

  const tellAll = () => watchers.forEach(tell);
  const stopListening = network.onChange(tellAll);
  const timer = setInterval(tellAll, refreshMs);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      clearInterval(timer);
      stopListening();
      for (const watcher of watchers) watcher.end();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The page, with the app's own colours in it, and headers that let nothing else run. */
async function makePage(appUrl: string) {
  const read = (file: string) => readFile(path.join(import.meta.dirname, file), 'utf8');
  const [template, styles] = await Promise.all([read('lab.html'), read('../../client/styles.css')]);
  const tokens = styles.slice(styles.indexOf(':root'), styles.indexOf('\n* {'));
  const html = template.replace('/* tokens */', () => tokens).replaceAll('{app}', appUrl);
  const script = /<script>([\s\S]*?)<\/script>/.exec(html)![1]!;
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = [
    `default-src 'none'; connect-src 'self'; img-src data:; style-src 'unsafe-inline'`,
    `script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  ].join('; ');
  return {
    html,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': policy,
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const bytes of request.setEncoding('utf8')) {
    text += bytes;
    if (text.length > mostBodyBytes) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: then it is no command either
  }
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${why}\n`);
}
