/** Whether a request came over HTTPS, as Express tells it: a proxy's word counts only if it was told to be trusted. */
import type { IncomingMessage } from 'node:http';

export function isSecure({ socket, headers }: IncomingMessage, trustProxy: number): boolean {
  const said = trustProxy > 0 ? headers['x-forwarded-proto'] : undefined;
  if (said) return String(said).split(',')[0]!.trim() === 'https';
  return 'encrypted' in socket && socket.encrypted === true;
}
