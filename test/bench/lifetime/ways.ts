/**
 * The ways to the server that are compared: what stands in them, and what it does to a stream.
 * Routers of hosting platforms and a mobile network's address translation are simulated on loopback, by the limits that
 * they document; nginx is the real one. Where a time is a tenth of the real one, the heartbeat and the silences are too.
 */
import { startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts';
import { startNginx } from './nginx.ts';
import type { Way } from './way.ts';

/** What the server is set to. */
export interface Rhythm {
  heartbeatMs: number;
  /** Streams end on purpose between this and 1.5 times this. */
  streamLifetimeMs: number;
  /** Messages come for a while, then nothing does for so long. */
  silenceMs: number;
  /** Times are so much shorter than in the world. */
  scale: 1 | 10;
}

export interface Case {
  name: string;
  /** In the way, in the words of who runs such a thing. */
  what: string;
  rhythm: Rhythm;
  start: (serverPort: number) => Promise<Way>;
}

const hours = 3_600_000;
/** As the product is: a heartbeat each 15 s. Nobody writes for longer than the 60 s that nginx waits by default. */
const real: Rhythm = { heartbeatMs: 15_000, streamLifetimeMs: 600_000, silenceMs: 70_000, scale: 1 };
const scaled: Rhythm = { heartbeatMs: 1_500, streamLifetimeMs: 600_000, silenceMs: 7_000, scale: 10 };
/** To see what heartbeats are good for. */
const unheard = { heartbeatMs: hours };

const buffered = ['proxy_ignore_headers X-Accel-Buffering', 'proxy_buffering on'];

export const cases: readonly Case[] = [
  { name: 'nothing', what: 'the server itself', rhythm: real, start: direct },
  {
    name: 'planned ends',
    what: 'the server itself, STREAM_SECONDS=20 instead of 600',
    rhythm: { ...scaled, streamLifetimeMs: 20_000 },
    start: direct,
  },
  { name: 'nginx', what: 'nginx, all by default (60 s)', rhythm: real, start: (port) => startNginx(port) },
  {
    name: 'nginx without heartbeats',
    what: 'the same, heartbeats switched off',
    rhythm: { ...real, ...unheard },
    start: (port) => startNginx(port),
  },
  {
    name: 'nginx 5 s',
    what: 'nginx, proxy_read_timeout 5 s, keepalive to the server, no buffering',
    rhythm: scaled,
    start: (port) =>
      startNginx(port, {
        lines: [
          'proxy_read_timeout 5s',
          'proxy_http_version 1.1',
          'proxy_set_header Connection ""',
          'proxy_buffering off',
        ],
      }),
  },
  {
    name: 'nginx 5 s without heartbeats',
    what: 'nginx, proxy_read_timeout 5 s, heartbeats switched off',
    rhythm: { ...scaled, ...unheard },
    start: (port) => startNginx(port, { lines: ['proxy_read_timeout 5s'] }),
  },
  {
    name: 'nginx that buffers',
    what: 'nginx, made to buffer streams against our header',
    rhythm: scaled,
    start: (port) => startNginx(port, { lines: buffered }),
  },
  {
    name: 'router, idle',
    what: 'a router that cuts after 55 s of silence (a tenth)',
    rhythm: scaled,
    start: simulated((proxy) => proxy.cutIdleAfter(5_500)),
  },
  {
    name: 'router, hard limit',
    what: 'a router that also cuts after 5 min whatever happens (a tenth)',
    rhythm: scaled,
    start: simulated((proxy) => {
      proxy.cutIdleAfter(5_500);
      proxy.cutAtAge(30_000);
    }),
  },
  {
    name: 'router that buffers',
    what: 'a router that holds answers back until 64 KiB or their end',
    rhythm: scaled,
    start: simulated((proxy) => proxy.buffer(64 * 1024)),
  },
  {
    name: 'NAT, idle',
    what: 'a mobile NAT that forgets after 60 s of silence (a tenth)',
    rhythm: scaled,
    start: simulated((proxy) => proxy.forgetIdleAfter(6_000)),
  },
  {
    name: 'NAT, new address',
    what: 'a mobile NAT that forgets everything after 3 min and tells nobody (a tenth)',
    rhythm: scaled,
    start: simulated((proxy) => proxy.forgetAtAge(18_000)),
  },
];

async function direct(serverPort: number): Promise<Way> {
  return { port: serverPort, forgotten: [], close: () => Promise.resolve() };
}

function simulated(set: (proxy: FaultProxy) => void): (serverPort: number) => Promise<Way> {
  return async (serverPort) => {
    const forgotten: number[] = [];
    // Idle connections are forgotten as well; here it is about streams.
    const carriers = new WeakSet<object>();
    const proxy = await startFaultProxy(serverPort, {
      keepsSent: false,
      onRequest: (head, link) => void (head.includes('stream=') ? carriers.add(link) : carriers.delete(link)),
      onForgotten: (link) => void (carriers.has(link) && forgotten.push(Date.now())),
    });
    set(proxy);
    return { port: proxy.port, forgotten, close: () => proxy.close() };
  };
}
