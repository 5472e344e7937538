/**
 * The link between nodes through Redis: one channel that all of them listen to and publish on. A channel for each inbox
 * would cost a subscription for each stream that opens; this costs each node a look into a map for each inbox with news.
 *
 * A node is connected as long as it hears itself: a cut that nobody tells of is found out so, and also a Redis that
 * takes everything and passes nothing on. Then the connection is thrown away and another one tried. Nothing is stored
 * in Redis, so that it may be emptied or replaced at any time.
 */
import { createClient } from '@redis/client';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { nextDelayMs, type Backoff } from '../protocol/backoff.ts';
import { arrayOfKnown, object, parse, string } from '../protocol/schema.ts';
import { nodeMessage, type NodeMessage } from './node-message.ts';
import type { LinkListener, NodeLink } from './node-link.ts';

const backoff: Backoff = { baseMs: 500, capMs: 5_000 };
const helloEveryMs = 1_000;
/** Who has not heard itself for so long is cut off. */
const silenceMs = 3_000;

const envelope = object({ from: string, messages: arrayOfKnown(nodeMessage) });

export interface RedisLinkOptions {
  url: string;
  /** The nodes of one store, and only they, have the same. */
  channel: string;
  random: () => number;
  listener: LinkListener;
}

export class RedisLink implements NodeLink {
  readonly nodeId = randomUUID();
  readonly #options: RedisLinkOptions;
  readonly #over = new AbortController();
  readonly #done: Promise<void>;
  #publish: ((payload: string) => void) | undefined;
  #isUp = false;
  #heardAt = 0;
  #gathered: NodeMessage[] = [];

  constructor(options: RedisLinkOptions) {
    this.#options = options;
    this.#done = this.#stayConnected();
  }

  isUp(): boolean {
    return this.#isUp;
  }

  /** What is told in one turn of the event loop goes out as one. */
  tell(message: NodeMessage): void {
    if (!this.#isUp) return;
    if (this.#gathered.length === 0) setImmediate(() => this.#flush());
    this.#gathered.push(message);
  }

  async end(): Promise<void> {
    this.#flush();
    this.#over.abort();
    await this.#done;
  }

  async #stayConnected(): Promise<void> {
    const { listener, random } = this.#options;
    let isTold = false;
    for (let attempt = 0; !this.#over.signal.aborted; attempt += 1) {
      const reason = await this.#connection().catch(sentenceOf);
      if (this.#over.signal.aborted) return;
      if (this.#isUp) attempt = 0;
      if (this.#isUp || !isTold) listener.onDown(reason);
      isTold = true;
      this.#isUp = false;
      await wait(nextDelayMs(attempt, random(), backoff), undefined, {
        ref: false,
        signal: this.#over.signal,
      }).catch(() => {});
    }
  }

  /** One connection, from its beginning to its end; why it ended. */
  async #connection(): Promise<string> {
    const { promise: ended, resolve: endBecause } = Promise.withResolvers<string>();
    const client = createClient({
      url: this.#options.url,
      socket: { reconnectStrategy: false, connectTimeout: silenceMs },
      disableOfflineQueue: true,
      disableClientInfo: true,
      maintNotifications: 'disabled',
      // More is not said in the time until a silence is noticed.
      commandsQueueMaxLength: 10_000,
    });
    const giveUp = (error: unknown) => endBecause(sentenceOf(error));
    client.on('error', giveUp);
    client.on('end', () => endBecause('the connection has ended'));
    const onOver = () => endBecause('the server ends');
    this.#over.signal.addEventListener('abort', onOver);
    this.#heardAt = performance.now();
    const pulse = setInterval(() => {
      if (performance.now() - this.#heardAt > silenceMs) endBecause(`nothing was heard for ${silenceMs} ms`);
      else this.#sayHello();
    }, helloEveryMs);
    client
      .connect()
      .then(() => client.sSubscribe(this.#options.channel, (payload) => this.#hear(payload)))
      .then(() => {
        this.#publish = (payload) => {
          client.sPublish(this.#options.channel, payload).catch(giveUp);
        };
        this.#sayHello();
      })
      .catch(giveUp);
    const reason = await ended;
    clearInterval(pulse);
    this.#over.signal.removeEventListener('abort', onOver);
    this.#publish = undefined;
    this.#gathered = [];
    if (client.isOpen) client.destroy();
    return reason;
  }

  #sayHello(): void {
    this.#gathered.push(this.#options.listener.hello());
    this.#flush();
  }

  #flush(): void {
    const messages = this.#gathered;
    this.#gathered = [];
    if (messages.length > 0) this.#publish?.(JSON.stringify({ from: this.nodeId, messages }));
  }

  #hear(payload: string): void {
    const heard = parse(envelope, parseJson(payload));
    if (!heard) return;
    const { listener } = this.#options;
    if (heard.from !== this.nodeId) {
      for (const message of heard.messages) listener.onMessage(heard.from, message);
      return;
    }
    this.#heardAt = performance.now();
    if (this.#isUp) return;
    this.#isUp = true;
    listener.onUp();
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
