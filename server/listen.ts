/** Listening, and what went wrong in a sentence that says which setting to change. */
import type { Server } from 'node:http';

/**
 * Connections that wait to be taken. Node's 511 is little when everybody comes back at once: who finds no place tries
 * again only after seconds. The system may allow fewer (`net.core.somaxconn`).
 */
const mostWaiting = 4_096;

export function listen(
  server: Server,
  { port, host }: { port: number; host: string },
  setting: 'PORT' | 'METRICS_PORT',
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const sentence = `port ${port} is in use; set ${setting} to another.`;
      reject(taken ? new Error(sentence, { cause: error }) : error);
    });
    server.listen({ port, host, backlog: mostWaiting }, () => resolve());
  });
}
