/** Stands between a store and PostgreSQL, and cuts the connection where an answer was to come. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Between {
  url: string;
  /** The next time that `word` is asked, it is carried out, and nobody hears of it. */
  loseNext(): void;
  close(): Promise<void>;
}

export async function loseAnswers(url: string, word: string): Promise<Between> {
  const to = new URL(url);
  const sockets = new Set<Socket>();
  let isArmed = false;
  const server = createServer((near) => {
    const far = connect(Number(to.port || 5432), to.hostname);
    let isLosing = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (chunk) => {
      if (isArmed && chunk.includes(word)) [isArmed, isLosing] = [false, true];
      far.write(chunk);
    });
    far.on('data', (chunk) => (isLosing ? near.destroy() : near.write(chunk)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    loseNext: () => void (isArmed = true),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
