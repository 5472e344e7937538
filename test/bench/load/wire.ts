/**
 * How the load speaks with a server: one interface for all of them, on bare sockets, so that the load costs less than
 * what it drives. A device is one open connection that hears events; it sends too if it is asked to.
 */
import net from 'node:net';

export interface Draft {
  id: string;
  to: string;
  text: string;
  composedAt: string;
}

export interface Listening {
  nick: string;
  /** Where it goes on; from now if unset. */
  after?: string;
  /** Each event as it came over the wire, as text with its JSON in it. */
  onEvent: (event: string) => void;
}

export interface Device {
  /** Resolves at the first byte. */
  opened: Promise<void>;
  /** Resolves when it hears events and has all that it had missed. */
  ready: Promise<void>;
  /** Resolves when the server has answered that it took them. */
  send(drafts: readonly Draft[]): Promise<void>;
  /** Has the server say something to everybody, with this nick in it. */
  announce(nick: string): Promise<void>;
  close(): void;
}

export interface Wire {
  /** A sender hears their own messages too. */
  echoes: boolean;
  connect(port: number, listening: Listening): Device;
}

const addresses = 8;
let connected = 0;

/** From several addresses in turn, because each has only so many ports, and a server may let each have only so many. */
export function dial(port: number): net.Socket {
  connected += 1;
  const localAddress = `127.0.0.${2 + (connected % addresses)}`;
  return net.connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
}

/** The id of the message in an event; undefined if it has none in it. */
export function messageIdIn(event: string): string | undefined {
  if (!event.includes('"text":')) return undefined;
  const at = event.indexOf('"id":"');
  return at < 0 ? undefined : event.slice(at + 6, at + 42);
}
