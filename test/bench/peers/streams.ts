/** Who listens at a peer on Node, on whatever can be written to. */
import type { Writable } from 'node:stream';
import { frame, heartbeat, heartbeatMs, MemoryInboxes, personFrame, type Draft } from './memory-inboxes.ts';

export class Streams {
  readonly #inboxes = new MemoryInboxes();
  readonly #open = new Map<string, Set<Writable>>();

  constructor() {
    setInterval(() => this.#tellAll(heartbeat()), heartbeatMs);
  }

  /** From a place on, or from now. The headers have been written. */
  open(nick: string, place: number | undefined, response: Writable): void {
    const ofNick = this.#open.get(nick) ?? new Set();
    this.#open.set(nick, ofNick.add(response));
    response.on('close', () => ofNick.delete(response));
    const missed = place === undefined ? [] : this.#inboxes.after(nick, place);
    const frames = missed.map((json, index) => frame('inbox', json, place! + index + 1));
    response.write(`retry: 500\n${frame('ack', '{}')}${frames.join('')}${heartbeat()}`);
  }

  accept(from: string, drafts: readonly Draft[]): { results: { id: string; status: 'accepted' }[] } {
    for (const draft of drafts) {
      for (const { nick, place, json } of this.#inboxes.append(from, draft))
        this.tell(nick, frame('inbox', json, place));
    }
    return { results: drafts.map(({ id }) => ({ id, status: 'accepted' })) };
  }

  tell(nick: string, frames: string): void {
    for (const response of this.#open.get(nick) ?? []) response.write(frames);
  }

  announce(nick: string): void {
    this.#tellAll(personFrame(nick));
  }

  #tellAll(frames: string): void {
    for (const ofNick of this.#open.values()) for (const response of ofNick) response.write(frames);
  }
}
