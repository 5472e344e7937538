import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { limitConnectionsPerAddress } from '../../server/connections-per-address.ts';
import { RawClient } from '../support/raw-client.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('an address', () => {
  it('has so many connections and no more; once one has gone there is room for another', async () => {
    server = createServer((_request, response) => response.end('served'));
    limitConnectionsPerAddress(server, 3);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const clients = Array.from({ length: 3 }, () => new RawClient(port).ask('/'));
    for (const client of clients) await client.hears('served');
    const tooMany = new RawClient(port).ask('/');
    await tooMany.closes();
    assert.equal(tooMany.text, '');

    clients[0]!.socket.end();
    await clients[0]!.closes();
    const next = new RawClient(port).ask('/');
    await next.hears('served');
    for (const { socket } of [...clients, next]) socket.destroy();
  });
});
