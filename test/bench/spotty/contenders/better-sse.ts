/**
 * better-sse, the browser's own EventSource, and `fetch` that is tried again after a moment: what one writes in an
 * afternoon.
 */
import http from 'node:http';
import { createChannel, createSession } from 'better-sse';
import type { Contender } from '../contender.ts';
import { enterPlainPage, listen, plainPage, servePage } from './plain-page.ts';

const page = plainPage(`const source = new EventSource('/events' + location.search);
source.onopen = connected;
source.addEventListener('message', ({ data }) => say(JSON.parse(data)));
send = async (text) => {
  for (;;) {
    try {
      const answer = await fetch('/send' + location.search, { method: 'POST', body: text, signal: AbortSignal.timeout(10_000) });
      if (answer.ok) return;
    } catch {}
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
};`);

export const betterSse: Contender = {
  name: 'better-sse and fetch',
  async start() {
    const channel = createChannel<object, { nick: string }>();
    const server = http.createServer((request, response) => {
      const [path, nick = ''] = request.url!.split('?');
      void (async () => {
        if (path === '/events') {
          channel.register(await createSession(request, response, { state: { nick } }));
        } else if (path === '/send') {
          const text = Buffer.concat(await request.toArray()).toString();
          channel.broadcast(text, 'message', { filter: ({ state }) => state.nick !== nick });
          response.writeHead(204).end();
        } else servePage(page)(request, response);
      })();
    });
    return {
      port: await listen(server),
      async close() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
  ...enterPlainPage,
};
