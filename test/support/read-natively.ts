/** What Node's own EventSource, an implementation that nobody here wrote, makes of streams of these bytes. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { ParsedEvent } from './sim/event-stream-parser.ts';

/** The events of each stream, by its place; each connection breaks off after its bytes. */
export async function readNatively(
  streams: readonly Uint8Array[],
  kinds: readonly string[],
): Promise<ParsedEvent[][]> {
  const server = http.createServer((request, response) => {
    const n = Number(new URL(request.url!, 'http://here').searchParams.get('n'));
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
    response.write(streams[n], () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const worker = new Worker(new URL('native-event-source.ts', import.meta.url), {
    workerData: { url: `http://127.0.0.1:${port}/`, kinds, count: streams.length },
    execArgv: ['--experimental-eventsource', '--no-warnings'],
  });
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  } finally {
    server.close();
  }
}
