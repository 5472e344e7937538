/**
 * A thread with Node's own EventSource: it opens `url?n=0`, `url?n=1` and so on, and answers what it made of each stream
 * until that ended. (`--experimental-eventsource`)
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { ParsedEvent } from './sim/event-stream-parser.ts';

const { url, kinds, count } = workerData as { url: string; kinds: string[]; count: number };
const readings: ParsedEvent[][] = [];
let next = 0;

async function read(n: number): Promise<void> {
  const source = new EventSource(`${url}?n=${n}`);
  const events: ParsedEvent[] = [];
  readings[n] = events;
  await new Promise<void>((resolve) => {
    for (const kind of kinds) {
      source.addEventListener(kind, ({ data, lastEventId }: MessageEvent<string>) => {
        events.push({ kind, data, lastEventId });
      });
    }
    source.addEventListener('error', () => resolve());
  });
  source.close();
}

await Promise.all(
  Array.from({ length: 16 }, async () => {
    while (next < count) await read(next++);
  }),
);
parentPort!.postMessage(readings);
