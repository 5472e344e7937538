/**
 * A TCP proxy that does what networks do: cuts, stalls, resets, goes away, loses an answer, breaks off in mid-frame.
 * On loopback only. Every test of a bad network goes through it, because a browser's own offline switch leaves an open
 * event stream open.
 */
import net from 'node:net';

interface Link {
  client: net.Socket;
  server: net.Socket;
  held: (() => void)[];
}

export interface FaultProxy {
  port: number;
  url: string;
  /** Everything that clients have sent, as text: to look for a header. */
  sent(): string;
  /** Connections that were accepted so far. */
  accepted(): number;
  /** Resets every connection. New ones work. */
  cut(): void;
  /** Resets every connection, and each new one. */
  down(): void;
  /** Lets nothing through any more, without saying so. */
  stall(): void;
  /** Everything works again; what was stalled goes through. */
  up(): void;
  /** Lets the next request whose head contains `text` reach the server, and resets instead of answering. */
  loseAnswerTo(text: string): void;
  /** Once the server has sent something that contains `text`, passes on only up to the end of it, then resets. */
  cutInside(text: string): void;
  close(): Promise<void>;
}

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let mode: 'up' | 'down' | 'stall' = 'up';
  let sent = '';
  let accepted = 0;
  let losing: string | undefined;
  let cutting: string | undefined;
  const links = new Set<Link>();

  const listener = net.createServer((client) => {
    accepted += 1;
    if (mode === 'down') return void client.resetAndDestroy();
    const server = net.connect(targetPort, '127.0.0.1');
    const link: Link = { client, server, held: [] };
    links.add(link);
    let losesAnswer = false;
    client.setNoDelay(true);
    server.setNoDelay(true);
    client.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      sent += text;
      if (losing !== undefined && text.includes(losing)) {
        losing = undefined;
        losesAnswer = true;
      }
      pass(link, () => server.write(bytes));
    });
    server.on('data', (bytes) => {
      if (losesAnswer) return reset(link);
      const at = cutting === undefined ? -1 : bytes.indexOf(cutting);
      if (at < 0) return pass(link, () => client.write(bytes));
      const end = at + Buffer.byteLength(cutting!);
      cutting = undefined;
      client.write(bytes.subarray(0, end), () => reset(link));
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        other.destroy();
        links.delete(link);
      });
    }
  });

  function pass(link: Link, write: () => void): void {
    if (mode === 'stall' || link.held.length > 0) link.held.push(write);
    else write();
  }

  function reset(link: Link): void {
    link.client.resetAndDestroy();
    link.server.destroy();
  }

  function cut(): void {
    for (const link of links) reset(link);
  }

  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as net.AddressInfo;
  return {
    port,
    url: `http://localhost:${port}`,
    sent: () => sent,
    accepted: () => accepted,
    cut,
    down() {
      mode = 'down';
      cut();
    },
    stall() {
      mode = 'stall';
    },
    up() {
      mode = 'up';
      for (const link of links) for (const write of link.held.splice(0)) write();
    },
    loseAnswerTo(text) {
      losing = text;
    },
    cutInside(text) {
      cutting = text;
    },
    async close() {
      cut();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}
