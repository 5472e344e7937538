/** A peer on Node listens, says on which port. */
import { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

export function listening(server: Server): void {
  if (server instanceof HttpServer) server.keepAliveTimeout = 75_000;
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
}
