/**
 * A wire with a meter, nearest to the page: passes every byte on at once and writes down each request with its answer,
 * when it began and ended, how, and what it weighed. It does nothing to them.
 */
import net from 'node:net';
import { HttpReader } from '../../support/http-reader.ts';

/** One request and its answer. Times are `Date.now()`. */
export interface Exchange {
  path: string;
  startedAt: number;
  upBytes: number;
  downBytes: number;
  endedAt?: number;
  /** `whole`: to the last byte; `cut`: the other side went before that; `left`: the page went. */
  end?: 'whole' | 'cut' | 'left';
  /** Of a stream: its first heartbeat, which says that nothing is missing, and what it had weighed by then. */
  caughtUp?: { at: number; bytes: number };
}

export interface StreamMeter {
  url: string;
  exchanges: readonly Exchange[];
  close(): Promise<void>;
}

export async function startStreamMeter(targetPort: number, now = Date.now): Promise<StreamMeter> {
  const exchanges: Exchange[] = [];
  const sockets = new Set<net.Socket>();
  const listener = net.createServer((client) => {
    const server = net.connect({ port: targetPort, host: '127.0.0.1' });
    const requests = new HttpReader('request');
    let answers = new HttpReader('answer');
    let current: Exchange | undefined;
    const finish = (end: Exchange['end']) => {
      if (current) Object.assign(current, { end, endedAt: now() });
      current = undefined;
    };
    client.on('data', (bytes) => {
      for (const { head, bytes: part } of requests.read(bytes)) {
        if (head !== undefined) {
          current = { path: head.split(' ')[1]!, startedAt: now(), upBytes: 0, downBytes: 0 };
          exchanges.push(current);
          answers = new HttpReader('answer');
        }
        if (current) current.upBytes += part.length;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      client.write(bytes);
      if (!current) return;
      current.downBytes += bytes.length;
      if (!current.caughtUp && current.path.includes('stream=') && bytes.includes('event: heartbeat')) {
        current.caughtUp = { at: now(), bytes: current.upBytes + current.downBytes };
      }
      if (answers.read(bytes).at(-1)?.isLast) finish('whole');
    });
    for (const [socket, other, end] of [
      [client, server, 'left'],
      [server, client, 'cut'],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        finish(end);
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(listener.address() as net.AddressInfo).port}`,
    exchanges,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}
