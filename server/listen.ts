/** Listening, and what went wrong in a sentence that says which setting to change. */
import type { Server } from 'node:http';

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
    server.listen(port, host, () => resolve());
  });
}
