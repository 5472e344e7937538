/**
 * The network of the lab: a fault proxy with dials that stay where they are turned, journeys that turn them, and
 * figures of what goes through it.
 */
import type { Link } from '../support/fault-link.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { calm, describe, stretchOf, type Condition, type Dials, type JourneyName } from './journeys.ts';

export const acts = {
  cut: 'Every connection was cut',
  'half-open': 'The open connections were forgotten',
  'lose-answer': 'The answer to the next message gets lost',
  duplicate: 'The next message goes to the server twice',
} as const;
export type Act = keyof typeof acts;

export interface LabState extends Condition {
  dials: Dials;
  journey: JourneyName | null;
  /** Until the journey goes on. */
  nextInMs: number | null;
  open: number;
  accepted: number;
  bytesUp: number;
  bytesDown: number;
  streamsOpened: number;
  streamForMs: number | null;
  lastStreamMs: number | null;
  /** Newest first. */
  log: { at: string; text: string }[];
}

const portalPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Free Wi-Fi</title>
<h1>Welcome to the free Wi-Fi</h1><p>Accept the terms to go on. (This is the captive portal of the lab.)</p></html>`;
const everyRequest = ' HTTP/1.1';
const keptInLog = 12;

export class LabNetwork {
  readonly #proxy: FaultProxy;
  readonly #random: () => number;
  readonly #traffic: Traffic;
  #dials = calm;
  #journey: { name: JourneyName; says: string; nextAt: number } | undefined;
  #journeyTimer: ReturnType<typeof setTimeout> | undefined;
  #cutTimer: ReturnType<typeof setTimeout> | undefined;
  #log: LabState['log'] = [];
  #listeners = new Set<() => void>();

  private constructor(proxy: FaultProxy, traffic: Traffic, random: () => number) {
    this.#proxy = proxy;
    this.#traffic = traffic;
    this.#random = random;
  }

  static async start(targetPort: number, port: number, random: () => number): Promise<LabNetwork> {
    const traffic = new Traffic();
    const proxy = await startFaultProxy(targetPort, {
      port,
      keepsSent: false,
      onBytes: (way, bytes) => traffic.count(way, bytes),
      onRequest: (head, link) => traffic.request(head, link),
      onClosed: (link) => traffic.closed(link),
    });
    return new LabNetwork(proxy, traffic, random);
  }

  get port(): number {
    return this.#proxy.port;
  }

  state(): LabState {
    const condition = describe(this.#dials);
    const journey = this.#journey;
    return {
      ...condition,
      ...(journey ? { says: `${journey.says}: ${lowerFirst(condition.says)}` } : {}),
      dials: this.#dials,
      journey: journey?.name ?? null,
      nextInMs: journey ? Math.max(0, journey.nextAt - Date.now()) : null,
      open: this.#proxy.open(),
      accepted: this.#proxy.accepted(),
      ...this.#traffic.figures(),
      log: this.#log,
    };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  act(act: Act): void {
    if (act === 'cut') this.#proxy.cut();
    if (act === 'half-open') this.#proxy.halfOpen();
    if (act === 'lose-answer') this.#proxy.loseAnswerTo('POST /api/messages');
    if (act === 'duplicate') this.#proxy.duplicate('POST /api/messages');
    this.#note(acts[act]);
  }

  /** Turns some dials by hand: a journey that is under way ends, and the others stay where they are. */
  turn(changes: Partial<Dials>): void {
    this.#endJourney();
    this.#set({ ...this.#dials, ...changes });
    this.#note(describe(this.#dials).says);
  }

  travel(name: JourneyName): void {
    this.#endJourney();
    this.#enter(name, 0);
  }

  async close(): Promise<void> {
    this.#endJourney();
    clearTimeout(this.#cutTimer);
    await this.#proxy.close();
  }

  #enter(name: JourneyName, index: number): void {
    const { says, dials, lastsMs } = stretchOf(name, index, this.#random);
    this.#journey = { name, says, nextAt: Date.now() + lastsMs };
    this.#journeyTimer = setTimeout(() => this.#enter(name, index + 1), lastsMs);
    this.#set(dials);
    this.#note(this.state().says);
  }

  #endJourney(): void {
    clearTimeout(this.#journeyTimer);
    this.#journey = undefined;
  }

  #set(dials: Dials): void {
    const before = this.#dials;
    const proxy = this.#proxy;
    this.#dials = dials;
    const reopens = (before.tunnel && !dials.tunnel) || (before.stalled && !dials.stalled);
    if (reopens) proxy.up(); // and all else as well: so it is set anew
    if (dials.tunnel) proxy.down();
    if (dials.stalled) proxy.stall();
    proxy.delay(dials.delayMs);
    proxy.drip((dials.kbit * 1_000) / 8);
    proxy.buffer(dials.bufferKiB * 1_024);
    proxy.inject(everyRequest, { status: 200, body: portalPage }, dials.portal ? Infinity : 0);
    if (dials.portal && !before.portal) proxy.cut(); // what is open would not meet the portal
    if (dials.cuts !== before.cuts) this.#cutAgain();
  }

  #cutAgain(): void {
    clearTimeout(this.#cutTimer);
    if (!this.#dials.cuts) return;
    this.#cutTimer = setTimeout(
      () => {
        this.act('cut');
        this.#cutAgain();
      },
      1_500 + this.#random() * 4_500,
    );
  }

  #note(text: string): void {
    this.#log = [{ at: new Date().toISOString(), text }, ...this.#log].slice(0, keptInLog);
    for (const listener of this.#listeners) listener();
  }
}

/** Counts what goes through. */
class Traffic {
  #bytesUp = 0;
  #bytesDown = 0;
  #streamsOpened = 0;
  #lastStreamMs: number | null = null;
  readonly #streams = new Map<Link, number>();

  count(way: 'up' | 'down', bytes: number): void {
    if (way === 'up') this.#bytesUp += bytes;
    else this.#bytesDown += bytes;
  }

  request(head: string, link: Link): void {
    this.closed(link); // a connection has one answer at a time
    if (!head.startsWith('GET /api/events') || !/^accept:.*event-stream/im.test(head)) return;
    this.#streamsOpened += 1;
    this.#streams.set(link, Date.now());
  }

  closed(link: Link): void {
    const openedAt = this.#streams.get(link);
    if (openedAt === undefined) return;
    this.#streams.delete(link);
    this.#lastStreamMs = Date.now() - openedAt;
  }

  figures() {
    // A forgotten connection tells nobody when its client gives up.
    for (const link of [...this.#streams.keys()]) if (!link.isOpen) this.closed(link);
    const newest = [...this.#streams.values()].at(-1);
    return {
      bytesUp: this.#bytesUp,
      bytesDown: this.#bytesDown,
      streamsOpened: this.#streamsOpened,
      streamForMs: newest === undefined ? null : Date.now() - newest,
      lastStreamMs: this.#lastStreamMs,
    };
  }
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
