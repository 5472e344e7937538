/**
 * A person's open event stream: it listens, follows the inbox and counts as presence, from `begin` until it ends. All
 * that is kept of an idle one is kept here, because there are ten thousand.
 */
import { followInbox, type Follower } from '../inbox/follow-inbox.ts';
import type { ResetReason } from '../protocol/events.ts';
import { frame } from '../protocol/frame.ts';
import { SharedFrames, type EventStream, type StreamOwner } from '../realtime/event-stream.ts';
import type { Listener } from '../realtime/hub.ts';
import type { Presence } from '../realtime/presence.ts';
import { heartbeatFrame } from '../realtime/wheel.ts';
import type { EventsPage } from '../store/event-store.ts';
import type { Parts } from './parts.ts';

export class OpenStream implements Listener, Follower, StreamOwner {
  readonly stream: EventStream;
  readonly personId: string;
  readonly tokenHash: string;
  readonly pageId: string | undefined;
  readonly address: string;
  beatsLeft: number;
  readonly #parts: Parts;
  #presence: Presence | undefined;
  #following: { end(): void } | undefined;

  constructor(parts: Parts, stream: EventStream, of: Omit<Listener, 'stream'>) {
    this.#parts = parts;
    this.stream = stream;
    this.personId = of.personId;
    this.tokenHash = of.tokenHash;
    this.pageId = of.pageId;
    this.address = of.address;
    this.beatsLeft = of.beatsLeft;
  }

  /** Says the first words and goes on after `cursor`. */
  async begin(firstFrames: string, cursor: string): Promise<void> {
    const { hub, presence } = this.#parts;
    const acknowledged = this.stream.writeLogged(firstFrames);
    hub.join(this);
    this.#presence = presence.enter(this.personId);
    this.stream.owner = this;
    if (!(await acknowledged) || this.stream.hasEnded) return;
    this.#following = followInbox(this.#parts, this.personId, cursor, this);
  }

  events(page: EventsPage): Promise<boolean> {
    return this.stream.writeLogged(framesOf(page));
  }

  reset(reason: ResetReason, head: string): Promise<boolean> {
    return this.stream.writeLogged(frame('reset', JSON.stringify({ reason }), head));
  }

  caughtUp(): void {
    this.stream.writeMoment(new SharedFrames(heartbeatFrame(this.#parts.now())));
  }

  /** The log cannot be followed any further: the device comes back, from its cursor. */
  over(error: unknown): void {
    if (error !== undefined) this.#parts.logger.error({ err: error }, 'failed in the middle of a stream');
    this.stream.end();
  }

  ended(): void {
    this.#following?.end();
    this.#parts.hub.leave(this);
    if (this.#presence) this.#parts.presence.leave(this.#presence);
  }
}

function framesOf(page: EventsPage): string {
  return page.frames ?? page.events.map(({ id, kind, json }) => frame(kind, json, id)).join('');
}
