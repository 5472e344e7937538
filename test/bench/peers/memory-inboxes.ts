/**
 * What the peers on Node have in common: inboxes in memory, as plain as they can be, and the frames of their events.
 * They speak OpenTalk's paths and bodies, so that one load drives all, and do much less: a cookie is believed, nothing is
 * checked, and what a process held is gone with it.
 */
import type { IncomingMessage } from 'node:http';
import { textOf, uuidOf } from '../load/names.ts';

export interface Draft {
  id: string;
  to: string;
  text: string;
}

/** The settings of a peer, from its environment. */
export const heartbeatMs = Number(process.env['HEARTBEAT_MS'] ?? 15_000);
/** `people x messages`: so many wait in each inbox at the start, from the neighbour. */
const [people = 0, waiting = 0] = (process.env['WAITING'] ?? '').split('x').map(Number);

export class MemoryInboxes {
  /** Nick → data of the events, as JSON; the id of an event is its place, counted from 1. */
  readonly #inboxes = new Map<string, string[]>();

  constructor() {
    for (let person = 0; person < people; person += 1) {
      const from = (person + 1) % people;
      for (let number = 1; number <= waiting; number += 1) {
        this.#put(
          `p${person}`,
          { id: uuidOf(from, number), to: `p${person}`, text: textOf(number) },
          `p${from}`,
        );
      }
    }
  }

  /** Puts a draft into both inboxes, and answers what came into which at what place. */
  append(from: string, draft: Draft): { nick: string; place: number; json: string }[] {
    return [draft.to, from].map((nick) => this.#put(nick, draft, from));
  }

  /** Data of the events after a place. */
  after(nick: string, place: number): string[] {
    return this.#inbox(nick).slice(place);
  }

  #put(nick: string, { id, to, text }: Draft, from: string) {
    const json = JSON.stringify({ id, from, to, text, acceptedAt: new Date().toISOString() });
    const place = this.#inbox(nick).push(json);
    return { nick, place, json };
  }

  #inbox(nick: string): string[] {
    let inbox = this.#inboxes.get(nick);
    if (!inbox) this.#inboxes.set(nick, (inbox = []));
    return inbox;
  }
}

export function frame(event: string, json: string, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${json}\n\n`;
}

export function heartbeat(): string {
  return frame('heartbeat', JSON.stringify({ now: new Date().toISOString() }));
}

export function personFrame(nick: string): string {
  return frame('person', personJson(nick));
}

export function personJson(nick: string): string {
  return JSON.stringify({ id: uuidOf(0, 0), nick, online: true, lastSeen: null });
}

/** Who asks: `Cookie: ot=<nick>`. */
export function nickOf(request: IncomingMessage): string {
  return (request.headers.cookie ?? '').slice('ot='.length);
}

/** Where a stream goes on. */
export function placeOf(request: IncomingMessage): number | undefined {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' ? Number(id) : undefined;
}

export const streamHeaders = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' };
