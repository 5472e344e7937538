/**
 * A thread that does one kind of harm to a server, as fast as it is let, until it is ended. (A thread of its own, so that
 * whoever measures is not held up by it.) Whatever is closed under it, it opens anew.
 */
import net from 'node:net';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';

export type Harm = 'bombs' | 'bodies of 10 MB' | 'drips on 500 sockets' | 'floods';

export interface Attack {
  harm: Harm;
  port: number;
  /** Of persons who are signed in, and have a right to ask. */
  cookies: string[];
}

const { harm, port, cookies } = workerData as Attack;
// Of this thread alone: it stands for machines elsewhere, and must not take the server's processor from it.
setPriority(19);

export interface Deeds {
  /** Connections opened, requests and drops sent: what the server had to do with. */
  tried: number;
  /** Answers heard, and connections closed under it. */
  met: number;
}

const deeds: Deeds = { tried: 0, met: 0 };
parentPort!.on('message', () => parentPort!.postMessage(deeds));

const perSecond = 1_000;
const someCookie = (n: number) => cookies[n % cookies.length]!;

function head(n: number, ...headers: string[]): string {
  const all = ['Host: here', `Cookie: ${someCookie(n)}`, 'Content-Type: application/json', ...headers];
  return `POST /api/messages HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n`;
}

/** A connection that is opened anew whenever it was closed; `act` says what it does, and may come back every second. */
function keep(n: number, act: (socket: net.Socket, n: number) => (() => void) | void): void {
  const socket = net.connect(port, '127.0.0.1');
  let again: NodeJS.Timeout | undefined;
  socket.on('connect', () => {
    deeds.tried += 1;
    const repeat = act(socket, n);
    if (!repeat) return;
    again = setInterval(() => {
      deeds.tried += 1;
      repeat();
    }, perSecond);
  });
  socket.on('data', () => (deeds.met += 1));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    deeds.met += 1;
    clearInterval(again);
    setTimeout(() => keep(n, act), 50);
  });
}

function pour(socket: net.Socket, bytes: Buffer | string): void {
  const more = () => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on('drain', more).resume();
  more();
}

/** Asks again as soon as it was answered. */
function repeatedly(socket: net.Socket, request: Buffer | string): void {
  socket.on('data', () => {
    deeds.tried += 1;
    socket.write(request);
  });
  socket.write(request);
}

switch (harm) {
  case 'bombs': {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    for (let n = 0; n < 20; n += 1) {
      const start = head(n, `Content-Length: ${bomb.length}`, 'Content-Encoding: gzip');
      keep(n, (socket) => repeatedly(socket, Buffer.concat([Buffer.from(start), bomb])));
    }
    break;
  }
  case 'bodies of 10 MB':
    for (let n = 0; n < 50; n += 1) {
      const isChunked = n % 2 === 0;
      const length = isChunked ? 'Transfer-Encoding: chunked' : 'Content-Length: 10485760';
      keep(n, (socket) => {
        socket.write(head(n, length));
        pour(socket, isChunked ? `4000\r\n${'x'.repeat(0x4000)}\r\n` : Buffer.alloc(0x4000, 'x'));
      });
    }
    break;
  case 'drips on 500 sockets':
    for (let n = 0; n < 500; n += 1) {
      keep(n, (socket) => {
        switch (n % 3) {
          case 0:
            socket.resume().write('GET / HTTP/1.1\r\nHost: here\r\n');
            return () => socket.write('X-Drop: x\r\n');
          case 1:
            // All but the last byte at once, and that never.
            socket.write(head(n, 'Content-Length: 262144') + ' '.repeat(262_143));
            return;
          default:
            socket.pause().write(`GET /api/sync HTTP/1.1\r\nHost: here\r\nCookie: ${someCookie(n)}\r\n\r\n`);
            return;
        }
      });
    }
    break;
  case 'floods': {
    const body = JSON.stringify({ messages: [{ text: 'no id' }] });
    for (let n = 0; n < 20; n += 1) {
      keep(n, (socket) => repeatedly(socket, head(n, `Content-Length: ${body.length}`) + body));
    }
  }
}
parentPort!.postMessage('begun');
