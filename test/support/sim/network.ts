/**
 * The way from one simulated browser to the server, and all that goes wrong on it: requests and answers lost, doubled,
 * late or swapped for a stranger's; streams cut at any byte, silent, or forgotten by one side.
 */
import type { StreamHandlers } from './event-source.ts';
import type { LocalAnswer, LocalServer } from './local-server.ts';
import type { Actor, World } from './world.ts';

/** What happens to the next request, or to the next one that sends messages. */
export type RequestFault =
  | 'request-lost'
  | 'answer-lost'
  | 'answer-cut'
  | 'doubled'
  /** The sender takes it for lost, and it arrives later. */
  | 'late'
  | 'portal'
  | 'bad-gateway'
  | 'too-busy'
  | 'bare-404';

interface OpenStream {
  /** Says to the tab that it is over. */
  break(): void;
  isForgotten: boolean;
  held: Uint8Array[];
  deliver(bytes: Uint8Array): void;
}

/** A tab, as the network needs it. */
export interface Client extends Actor {
  enqueue(run: () => void): void;
}

const encoder = new TextEncoder();

export class Network {
  isUp = true;
  isStalled = false;
  /** The session cookie: one's own, until something happens to it. */
  #session: string;
  readonly #ownSession: string;
  #hadOtherSession = false;
  /** As behind a proxy that waits for the end of what it passes on: streams say nothing, the rest works. */
  holdsStreams = false;
  /** Chops what streams say into small pieces. */
  isChoppy = false;
  /** After so many more bytes of streams, they are cut. */
  cutAfterBytes = Infinity;
  readonly #world: World;
  readonly #server: () => LocalServer | undefined;
  readonly #streams = new Set<OpenStream>();
  readonly #underWay = new Set<(error: Error) => void>();
  #faults: { fault: RequestFault; isForMessages: boolean }[] = [];
  /** What waits for the end of a stall. */
  #stalled: (() => void)[] = [];

  constructor(world: World, session: string, server: () => LocalServer | undefined) {
    this.#world = world;
    this.#session = session;
    this.#ownSession = session;
    this.#server = server;
  }

  /** Of the next request; only of those that send messages if that is said. */
  spoilNext(fault: RequestFault, isForMessages: boolean): void {
    this.#faults.push({ fault, isForMessages });
  }

  down(): void {
    this.isUp = false;
    this.cut();
  }

  stall(): void {
    this.isStalled = true;
  }

  /** Ends every fault. `network` if it was down or stalled, `session` if the page has to be opened anew. */
  heal(): 'network' | 'session' | undefined {
    const wasBad = !this.isUp || this.isStalled;
    const hadOtherSession = this.#hadOtherSession;
    this.#hadOtherSession = false;
    this.#session = this.#ownSession;
    this.isUp = true;
    this.isStalled = false;
    this.holdsStreams = false;
    this.isChoppy = false;
    this.cutAfterBytes = Infinity;
    this.#faults = [];
    for (const go of this.#stalled.splice(0)) go();
    for (const stream of this.#streams) for (const bytes of stream.held.splice(0)) stream.deliver(bytes);
    if (hadOtherSession) return 'session';
    return wasBad ? 'network' : undefined;
  }

  /** From now on requests are made as somebody else, or as nobody. */
  changeSession(session: string): void {
    this.#session = session;
    if (session !== this.#ownSession) this.#hadOtherSession = true;
    this.cut();
  }

  /** Resets every connection. */
  cut(): void {
    for (const stream of [...this.#streams]) if (!stream.isForgotten) stream.break();
    for (const fail of [...this.#underWay]) fail(new TypeError('The connection was reset.'));
  }

  /** Streams that are open now lead nowhere, and nobody is told. */
  forgetStreams(): void {
    for (const stream of this.#streams) stream.isForgotten = true;
  }

  request(client: Client, path: string, init: RequestInit = {}): Promise<Response> {
    const { method = 'GET', body, signal } = init;
    const request = { session: this.#session, method, path, body: typeof body === 'string' ? body : '' };
    const fault = this.#takeFault(method === 'POST' && path === '/api/messages');
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        this.#underWay.delete(fail);
        client.enqueue(() => reject(error));
      };
      this.#underWay.add(fail);
      signal?.addEventListener('abort', () => fail(signal.reason as Error));
      const hear = (answer: LocalAnswer) => {
        const say = () => {
          this.#underWay.delete(fail);
          client.enqueue(() => resolve(toResponse(answer, fault === 'answer-cut')));
        };
        if (this.isStalled) this.#stalled.push(say);
        else say();
      };
      const lose = () => fail(new TypeError('Failed to fetch'));
      const go = () => {
        switch (fault) {
          case 'request-lost':
            return lose();
          case 'answer-lost':
            return this.#reach(request, lose, lose);
          case 'doubled':
            this.#reach(
              request,
              () => undefined,
              () => undefined,
            );
            return this.#reach(request, hear, lose);
          case 'late': {
            lose();
            const late = () =>
              this.#reach(
                request,
                () => undefined,
                () => undefined,
              );
            this.#world.setTimer(lateArrival, this.#world.random() * 20_000, late);
            return;
          }
          case 'portal':
            return hear({ status: 200, type: 'text/html', body: '<h1>Welcome to the hotel</h1>' });
          case 'bad-gateway':
            return hear({ status: 502, type: 'text/html', body: 'bad gateway' });
          case 'too-busy':
            return hear({ status: 429, type: 'text/html', body: '', retryAfter: 3 });
          case 'bare-404':
            return hear({ status: 404, type: 'text/html', body: 'not here' });
          case 'answer-cut':
          case undefined:
            return this.#reach(request, hear, lose);
        }
      };
      if (!this.isUp) return lose();
      if (this.isStalled) this.#stalled.push(go);
      else go();
    });
  }

  /** Hands a request to the server, if there is one. */
  #reach(
    request: Parameters<LocalServer['answer']>[0],
    hear: (answer: LocalAnswer) => void,
    lose: () => void,
  ): void {
    const server = this.#server();
    if (!server) return lose();
    this.#underWay.add(lose);
    const over = () => this.#underWay.delete(lose);
    this.#world.enqueue(server, () => {
      void server.answer(request).then(
        (answer) => {
          over();
          hear(answer);
        },
        (error: unknown) => {
          over();
          throw error;
        },
      );
    });
  }

  #takeFault(isForMessages: boolean): RequestFault | undefined {
    const at = this.#faults.findIndex((one) => isForMessages || !one.isForMessages);
    return at < 0 ? undefined : this.#faults.splice(at, 1)[0]!.fault;
  }

  openStream(client: Client, path: string, lastEventId: string, handlers: StreamHandlers): () => void {
    const ended = new AbortController();
    let isOver = false;
    const leave = () => {
      isOver = true;
      this.#streams.delete(stream);
      if (!stream.isForgotten) ended.abort();
    };
    const say = (run: () => void) =>
      client.enqueue(() => {
        if (!isOver) run();
      });
    const stream: OpenStream = {
      isForgotten: false,
      held: [],
      break: () => {
        this.#streams.delete(stream);
        ended.abort();
        say(() => {
          leave();
          handlers.onEnd();
        });
      },
      deliver: (bytes) => {
        if (stream.isForgotten || ended.signal.aborted) return;
        if (this.isStalled || this.holdsStreams) return void stream.held.push(bytes);
        const passed = bytes.subarray(0, this.cutAfterBytes);
        this.cutAfterBytes -= passed.length;
        for (const piece of this.#pieces(passed)) say(() => handlers.onBytes(piece));
        if (passed.length < bytes.length) {
          this.cutAfterBytes = Infinity;
          stream.break();
        }
      },
    };
    this.#streams.add(stream);
    const server = this.isUp && !this.isStalled ? this.#server() : undefined;
    const fault = this.#takeFault(false);
    if (this.isStalled) return leave; // nobody answers, ever
    if (fault === 'portal' || fault === 'bad-gateway') {
      say(() => handlers.onHead(fault === 'portal' ? 200 : 502, 'text/html'));
      return leave;
    }
    if (!server || fault !== undefined) {
      stream.break();
      return leave;
    }
    const sink = {
      head: (status: number, type: string) => say(() => handlers.onHead(status, type)),
      write: (frames: string) => stream.deliver(encoder.encode(frames)),
      end: () => {
        if (!stream.isForgotten) stream.break();
      },
    };
    const request = { session: this.#session, path };
    this.#world.enqueue(server, () => void server.stream(request, lastEventId, sink, ended));
    return leave;
  }

  *#pieces(bytes: Uint8Array): Iterable<Uint8Array> {
    if (!this.isChoppy) return yield bytes;
    for (let at = 0; at < bytes.length;) {
      const size = 1 + Math.floor(this.#world.random() * 40);
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }
}

/** A late request has no owner any more. */
const lateArrival: Actor = { isAlive: true };

function toResponse({ status, type, body, retryAfter }: LocalAnswer, isCut: boolean): Response {
  const headers = new Map([['content-type', type]]);
  if (retryAfter !== undefined) headers.set('retry-after', String(retryAfter));
  const bytes = encoder.encode(body);
  const parts = isCut ? [bytes.subarray(0, bytes.length >> 1)] : [bytes];
  const read = async () => {
    const value = parts.shift();
    if (!value && isCut) throw new TypeError('terminated');
    return { done: value === undefined, value };
  };
  return {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name: string) => headers.get(name.toLowerCase()) ?? null },
    body: { getReader: () => ({ read }) },
    text: async () => {
      if (isCut) throw new TypeError('terminated');
      return body;
    },
  } as unknown as Response;
}
