/**
 * The end of an HTTP server in order: nobody new is let in, every request that is under way gets its answer, and then
 * nobody is waited for. Node's own `close` would go on serving connections that are kept alive, as long as they are busy.
 */
import type { Server, ServerResponse } from 'node:http';

/** Follows the requests from now on; what it returns ends the server, after `mostMs` whatever still hangs. */
export function orderlyEnd(server: Server): (mostMs: number) => Promise<void> {
  const underWay = new Set<ServerResponse>();
  let isEnding = false;

  server.prependListener('request', (_request, response: ServerResponse) => {
    underWay.add(response);
    if (isEnding) response.shouldKeepAlive = false;
    response.once('close', () => {
      underWay.delete(response);
      if (isEnding) closeIfDone();
    });
  });

  // What is left then are connections on which nothing was asked: a browser opens some in advance.
  function closeIfDone(): void {
    if (underWay.size === 0) server.closeAllConnections();
  }

  return (mostMs) =>
    new Promise((resolve) => {
      isEnding = true;
      const force = setTimeout(() => server.closeAllConnections(), mostMs);
      server.close(() => {
        clearTimeout(force);
        resolve();
      });
      for (const response of underWay) response.shouldKeepAlive = false;
      closeIfDone();
    });
}
