/** Passes on bytes of any protocol between a client and a server, until it is told to say nothing more to either. */
import net from 'node:net';

export interface TcpRelay {
  port: number;
  /** Lets nothing through any more, without saying so; neither on new connections. */
  silence(): void;
  /** Passes on again what comes on new connections; the silenced ones stay silent. */
  resume(): void;
  /** Resets every connection. New ones work. */
  cut(): void;
  close(): Promise<void>;
}

/** `target`: the port of the server, asked for each connection. */
export async function startTcpRelay(target: () => number): Promise<TcpRelay> {
  const sockets = new Set<net.Socket>();
  let isSilent = false;
  const listener = net.createServer((client) => {
    const server = net.connect(target(), '127.0.0.1');
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => from.destroy());
      from.on('data', (bytes) => {
        if (!isSilent && !silenced.has(from)) to.write(bytes);
      });
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const silenced = new WeakSet<net.Socket>();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (listener.address() as net.AddressInfo).port,
    silence() {
      isSilent = true;
    },
    resume() {
      isSilent = false;
      for (const socket of sockets) silenced.add(socket);
    },
    cut,
    async close() {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
