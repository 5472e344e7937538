/**
 * Lets no single address take every connection that there is. Schools and mobile carriers have one for thousands, so it is
 * room for all the streams that an address may have, and for as many requests beside them.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { countedAs } from './http/address.ts';
import { Tally } from './realtime/tally.ts';

/** Who comes beyond `most` is let go at once, and tries again later. */
export function limitConnectionsPerAddress(server: Server, most: number): void {
  const open = new Tally();
  server.on('connection', (socket: Socket) => {
    const address = countedAs(socket.remoteAddress);
    if (open.of(address) >= most) return void socket.destroy();
    open.add(address);
    socket.once('close', () => open.remove(address));
  });
}
