/**
 * A TCP proxy that does what networks do: cuts, stalls, resets, goes away, loses an answer, breaks off in mid-frame,
 * drips, delays, buffers, forgets connections, answers in the server's place, says things twice.
 * On loopback only. Every test of a bad network goes through it, because a browser's own offline switch leaves an open
 * event stream open.
 */
import net from 'node:net';
import type { Weather } from './fault-lane.ts';
import { Link, type Faults, type InjectedAnswer } from './fault-link.ts';

export interface FaultProxy {
  port: number;
  url: string;
  /** Everything that clients have sent, as text: to look for a header. */
  sent(): string;
  /** Connections that were accepted so far. */
  accepted(): number;
  /** Connections of clients that are open now. */
  open(): number;
  /** Resets every connection. New ones work. */
  cut(): void;
  /** Resets every connection, and each new one. */
  down(): void;
  /** Lets nothing through any more, without saying so. */
  stall(): void;
  /** Ends `down`, `stall`, `delay`, `drip` and `buffer`; what waited goes through. */
  up(): void;
  /** Forgets the connections that are open now: swallows what either side says, and its goodbye. New ones work. */
  halfOpen(): void;
  /** Everything takes so much longer, each way, in the same order. */
  delay(ms: number): void;
  /** Each connection passes so many bytes a second, each way; 0 for as many as come. */
  drip(bytesPerSecond: number): void;
  /** Holds back what the server says until so many bytes have gathered, or the answer is whole; 0 lets go. */
  buffer(bytes: number): void;
  /**
   * From now on there are packets: a connection begins with a handshake, so many packets of all get lost, and what was
   * lost, or said while nothing went through, comes when TCP says it again. Undefined for none of that.
   */
  lose(rate: number | undefined): void;
  /** Ends `stall` alone. */
  unstall(): void;
  /** Lets the next request whose head contains `text` reach the server, and resets instead of answering. */
  loseAnswerTo(text: string): void;
  /** Once the server has sent something that contains `text`, passes on only up to the end of it, then resets. */
  cutInside(text: string): void;
  /** Of the next connection, passes on so many bytes of answers, then resets. */
  cutAfter(bytes: number): void;
  /** Answers requests whose head contains `match`, `times` of them, in the server's place; 0 takes that back. */
  inject(match: string, answer: InjectedAnswer, times?: number): void;
  /** The next request whose head contains `match` reaches the server twice. */
  duplicate(match: string): void;
  /** Resets a connection on which neither side has said anything for so long; 0 for never. */
  cutIdleAfter(ms: number): void;
  /** Resets a connection of this age; 0 for never. */
  cutAtAge(ms: number): void;
  /** Forgets, as `halfOpen` does, a connection on which neither side has said anything for so long; 0 for never. */
  forgetIdleAfter(ms: number): void;
  /** Forgets a connection of this age; 0 for never. */
  forgetAtAge(ms: number): void;
  close(): Promise<void>;
}

interface ProxyOptions {
  port?: number;
  /** False for one that runs for long: `sent` would grow for ever. */
  keepsSent?: boolean;
  /** For what gets lost. */
  random?: () => number;
  onRequest?: (head: string, link: Link) => void;
  onClosed?: (link: Link) => void;
  onForgotten?: (link: Link) => void;
  onBytes?: (way: 'up' | 'down', bytes: number, link: Link) => void;
}

/** How often the limits of age and silence are looked at. */
const limitsEveryMs = 20;

export async function startFaultProxy(targetPort: number, options: ProxyOptions = {}): Promise<FaultProxy> {
  const { random = Math.random } = options;
  const weather: Weather = { isStalled: false, delayMs: 0, bytesPerSecond: 0, bufferBytes: 0, random };
  const faults: Faults = { injections: [] };
  const links = new Set<Link>();
  let isDown = false;
  let sent = '';
  let accepted = 0;
  let nextAnswerBytes = Infinity;
  let mostIdleMs = Infinity;
  let mostAgeMs = Infinity;
  let knownIdleMs = Infinity;
  let knownAgeMs = Infinity;

  const listener = net.createServer({ allowHalfOpen: true }, (client) => {
    accepted += 1;
    client.on('error', () => client.destroy());
    if (isDown) return void client.resetAndDestroy();
    const link: Link = new Link(client, targetPort, weather, faults, {
      onRequest: (head) => options.onRequest?.(head, link),
      onBytes(way, bytes) {
        if (way === 'up' && options.keepsSent !== false) sent += bytes.toString('latin1');
        options.onBytes?.(way, bytes.length, link);
      },
      onClosed() {
        links.delete(link);
        options.onClosed?.(link);
      },
    });
    link.answerBytesLeft = nextAnswerBytes;
    nextAnswerBytes = Infinity;
    links.add(link);
  });

  function change(changes: Partial<Weather>): void {
    const isStallOver = weather.isStalled && changes.isStalled === false;
    Object.assign(weather, changes);
    for (const link of links) {
      if (isStallOver) link.endStall();
      link.flow();
    }
  }

  function cut(): void {
    for (const link of [...links]) link.reset();
  }

  const limits = setInterval(() => {
    const now = performance.now();
    for (const link of [...links]) {
      const [ageMs, idleMs] = [now - link.openedAt, now - link.heardAt];
      if (ageMs >= mostAgeMs || idleMs >= mostIdleMs) link.reset();
      else if ((ageMs >= knownAgeMs || idleMs >= knownIdleMs) && link.forget()) options.onForgotten?.(link);
    }
  }, limitsEveryMs);

  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = listener.address() as net.AddressInfo;
  return {
    port,
    url: `http://localhost:${port}`,
    sent: () => sent,
    accepted: () => accepted,
    open: () => [...links].filter(({ isOpen }) => isOpen).length,
    cut,
    down() {
      isDown = true;
      cut();
    },
    stall: () => change({ isStalled: true }),
    up() {
      isDown = false;
      change({ isStalled: false, delayMs: 0, bytesPerSecond: 0, bufferBytes: 0 });
    },
    halfOpen() {
      for (const link of links) link.forget();
    },
    delay: (delayMs) => change({ delayMs }),
    drip: (bytesPerSecond) => change({ bytesPerSecond }),
    buffer: (bufferBytes) => change({ bufferBytes }),
    lose: (lossRate) => change({ lossRate }),
    unstall: () => change({ isStalled: false }),
    loseAnswerTo(text) {
      faults.losing = text;
    },
    cutInside(text) {
      faults.cutting = text;
    },
    cutAfter(bytes) {
      nextAnswerBytes = bytes;
    },
    inject(match, answer, times = 1) {
      faults.injections = faults.injections.filter((injection) => injection.match !== match);
      if (times > 0) faults.injections.push({ match, answer, times });
    },
    duplicate(match) {
      faults.duplicating = match;
    },
    cutIdleAfter(ms) {
      mostIdleMs = ms || Infinity;
    },
    cutAtAge(ms) {
      mostAgeMs = ms || Infinity;
    },
    forgetIdleAfter(ms) {
      knownIdleMs = ms || Infinity;
    },
    forgetAtAge(ms) {
      knownAgeMs = ms || Infinity;
    },
    async close() {
      clearInterval(limits);
      cut();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}
