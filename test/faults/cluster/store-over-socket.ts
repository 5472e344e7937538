/**
 * One store for nodes in processes of their own: a process has it open, and answers the others over a socket. A node that
 * is killed takes what it was about to hear with it, as with a database across the network.
 */
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import type { SharedStore } from '../../../server/store/shared-store.ts';

interface Question {
  n: number;
  name: string;
  parameters: unknown[];
}

type Answer = { n: number; value?: unknown; error?: string };

export async function serveStore(store: SharedStore, place: string): Promise<net.Server> {
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    const say = (answer: Answer) => socket.writable && socket.write(`${JSON.stringify(answer)}\n`);
    say({ n: 0, value: store.epoch });
    const lines = createInterface(socket);
    // The socket has told it already: the node is gone.
    lines.on('error', () => {});
    lines.on('line', (line) => {
      const { n, name, parameters } = JSON.parse(line) as Question;
      const call = (store as unknown as Record<string, (...all: unknown[]) => Promise<unknown>>)[name]!;
      call(...parameters).then(
        (value) => say({ n, value }),
        (error: unknown) => say({ n, error: String(error) }),
      );
    });
  });
  server.listen(place);
  await once(server, 'listening');
  return server;
}

/** The store that is served at `place`. `onGone`: whoever served it is no more. */
export async function storeAt(place: string, onGone: () => void): Promise<SharedStore> {
  const socket = net.connect(place);
  socket.on('error', onGone).on('end', onGone);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>([[0, Promise.withResolvers()]]);
  const { promise: epoch } = waiting.get(0)!;
  const lines = createInterface(socket);
  lines.on('error', () => {});
  lines.on('line', (line) => {
    const { n, value, error } = JSON.parse(line) as Answer;
    const { resolve, reject } = waiting.get(n)!;
    waiting.delete(n);
    if (error === undefined) resolve(value);
    else reject(new Error(error));
  });
  let asked = 0;
  const call = (name: string, parameters: unknown[]) => {
    asked += 1;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(asked, answer);
    socket.write(`${JSON.stringify({ n: asked, name, parameters } satisfies Question)}\n`);
    return answer.promise;
  };
  const own: Partial<SharedStore> = {
    epoch: (await epoch) as string,
    close: () => {
      socket.destroy();
      return Promise.resolve();
    },
  };
  return new Proxy(own as SharedStore, {
    has: (_, name) => name !== 'then',
    get(target, name) {
      if (typeof name === 'symbol' || name === 'then') return undefined;
      return Reflect.get(target, name) ?? ((...parameters: unknown[]) => call(name, parameters));
    },
  });
}
