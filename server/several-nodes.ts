/**
 * One of several nodes on the same store: the parts that tell the others and hear them, in the places of those of a
 * single node. What of it gets lost costs time, never a message.
 */
import type { Logger } from 'pino';
import { createLocalBus, type EventBus } from './bus/event-bus.ts';
import type { NodeLink } from './bus/node-link.ts';
import type { NodeMessage } from './bus/node-message.ts';
import { createSharedBus } from './bus/redis-event-bus.ts';
import { RedisLink } from './bus/redis-link.ts';
import { SharedLogWatch } from './bus/shared-log-watch.ts';
import { endSessions } from './http/end-sessions.ts';
import { seenByOthers, type Parts } from './http/parts.ts';
import type { makeLimits } from './http/rate-limit.ts';
import { SharedLimits } from './http/shared-limits.ts';
import { TrustedSessions } from './http/trusted-sessions.ts';
import { Discretion } from './realtime/discretion.ts';
import type { HubOptions } from './realtime/hub.ts';
import { SharedHub } from './realtime/shared-hub.ts';
import { SharedPresence, type SharedPresenceOptions } from './realtime/shared-presence.ts';
import type { StoredDiscretion } from './store/peer-store.ts';
import type { SharedStore } from './store/shared-store.ts';

export interface SeveralNodesOptions {
  store: SharedStore;
  redisUrl: string;
  logger: Logger;
  now: () => Date;
  random: () => number;
  discretion: StoredDiscretion;
  hub: Omit<HubOptions, 'discretion'>;
  presence: Omit<SharedPresenceOptions, 'tell'>;
  limits: ReturnType<typeof makeLimits>;
  /** Of a disk without room or a store that is away the store tells the log. */
  isPassing: (error: unknown) => boolean;
}

export class SeveralNodes {
  readonly bus: EventBus;
  readonly discretion: Discretion;
  readonly hub: SharedHub;
  readonly presence: SharedPresence;
  readonly limits: SharedLimits;
  readonly #options: SeveralNodesOptions;
  readonly #local: EventBus = createLocalBus();
  readonly #trusted: TrustedSessions;
  #link: NodeLink | undefined;
  #watch: SharedLogWatch | undefined;
  #parts: Parts | undefined;

  constructor(options: SeveralNodesOptions) {
    this.#options = options;
    const tell = (message: NodeMessage) => this.#link?.tell(message);
    this.bus = createSharedBus(this.#local, { tell });
    this.discretion = new Discretion(options.discretion, tell);
    this.hub = new SharedHub({ ...options.hub, discretion: this.discretion }, tell);
    this.presence = new SharedPresence({ ...options.presence, tell });
    this.limits = new SharedLimits(options.limits, tell);
    this.#trusted = new TrustedSessions((tokenHash) => this.#parts?.sessions.forget(tokenHash));
  }

  /** A request has brought the session. */
  used(tokenHash: string): void {
    this.#trusted.note(tokenHash);
  }

  isLinkUp(): boolean {
    return this.#link?.isUp() ?? false;
  }

  /** From now on it hears the others, and looks at what they did. */
  join(parts: Parts): void {
    const { store, redisUrl, logger, random, isPassing } = this.#options;
    this.#parts = parts;
    this.#watch = new SharedLogWatch({
      store,
      isLinkUp: () => this.isLinkUp(),
      listened: () => this.#local.listened(),
      trusted: () => [...new Set([...this.#trusted.take(), ...this.hub.sessions()])],
      onNews: (inboxes) => this.#local.signal(inboxes),
      onEnded: (tokenHashes) => this.#endHere(tokenHashes),
      onDiscretion: (stored) => this.discretion.replace(stored),
      onError(error) {
        if (!isPassing(error)) logger.error({ err: error }, 'what other nodes did was not looked for');
      },
    });
    const watch = this.#watch;
    this.#link = new RedisLink({
      url: redisUrl,
      channel: `opentalk:${store.epoch}`,
      random,
      listener: {
        hello: () => this.presence.hello(),
        onMessage: (from, message) => this.#hear(parts, from, message),
        onUp() {
          logger.info('Redis is there: the nodes hear each other');
          void watch.look();
        },
        onDown(reason) {
          logger.warn(
            { reason },
            'Redis is away: the nodes hear of each other by the database, every second',
          );
          void watch.look();
        },
      },
    });
  }

  async end(): Promise<void> {
    this.limits.end();
    await this.#link?.end();
    await this.#watch?.end();
  }

  #hear(parts: Parts, from: string, message: NodeMessage): void {
    const { hub, presence } = this;
    switch (message.kind) {
      case 'news':
        return this.#local.signal(message.inboxes);
      case 'hello':
      case 'moved':
      case 'everybody':
      case 'gone':
        return presence.hear(from, message);
      case 'ask':
        if (message.nodes.includes(this.#link?.nodeId ?? '')) presence.tellEverybody();
        return;
      case 'typing':
        return hub.onlyHere(() => hub.typing(message.toPersonId, message.from, message.to));
      case 'peers':
        return hub.onlyHere(() => hub.peersChanged(message.personId));
      case 'person':
        return hub.onlyHere(() => hub.tellPerson(message.viewerId, message.person));
      case 'newcomer':
        return hub.onlyHere(() => hub.newcomer(message.person));
      case 'shows':
        void this.#show(parts, message.personId);
        return;
      case 'ended':
        return this.#endHere([message.tokenHash]);
      case 'apart':
      case 'privacy':
        return this.discretion.apply(message);
      case 'taken':
        return this.limits.hear(message, parts.now().getTime());
    }
  }

  #endHere(tokenHashes: string[]): void {
    const parts = this.#parts;
    if (parts) this.hub.onlyHere(() => endSessions(parts, { sessions: tokenHashes, left: [] }));
  }

  /** Each listener here is told what they now see of the person. */
  async #show(parts: Parts, personId: string): Promise<void> {
    const { hub } = this;
    try {
      const person = await parts.store.person(personId);
      if (!person) return;
      hub.onlyHere(() => hub.presenceChanged(seenByOthers(parts, person)));
    } catch (error) {
      if (!this.#options.isPassing(error)) parts.logger.error({ err: error }, 'presence was not announced');
    }
  }
}
