/**
 * A server in the simulated world: the real accepting, following and replaying over the real statements of the store,
 * behind routes that answer as the real ones do, without HTTP. It is killed by making its actor dead: what was under way
 * in it ends there, and what was not committed is gone.
 */
import { createLocalBus } from '../../../server/bus/event-bus.ts';
import { acceptMessages } from '../../../server/inbox/accept-messages.ts';
import { followInbox } from '../../../server/inbox/follow-inbox.ts';
import { Turns } from '../../../server/inbox/turns.ts';
import { streamRetryMs } from '../../../server/protocol/events.ts';
import { problemStatus, problemType, type ProblemCode } from '../../../server/protocol/problem.ts';
import { Misfit, type Schema } from '../../../server/protocol/schema.ts';
import { receiptsSchema, submitSchema, type Person } from '../../../server/protocol/requests.ts';
import { frame } from '../../../server/protocol/frame.ts';
import { heartbeatFrame } from '../../../server/realtime/wheel.ts';
import { StorageFull, type EventStore, type StoredPerson } from '../../../server/store/event-store.ts';
import { openLocalStore, type LocalData } from './local-data.ts';
import type { Actor, World } from './world.ts';

export interface LocalRequest {
  session: string;
  method: string;
  path: string;
  body: string;
}

export interface LocalAnswer {
  status: number;
  type: string;
  body: string;
  retryAfter?: number;
}

/** The reading end of a stream. */
export interface StreamSink {
  head(status: number, type: string): void;
  write(frames: string): void;
  end(): void;
}

const heartbeatMs = 15_000;
const eventsPerBatch = 200;

class Refusal extends Error {
  readonly code: ProblemCode;
  constructor(code: ProblemCode) {
    super(code);
    this.code = code;
  }
}

export class LocalServer implements Actor {
  isAlive = true;
  /** Its clock runs so much ahead of the world's. */
  clockAheadMs = 0;
  /** The reason of each `reset` it said. */
  readonly resets: string[];
  readonly #world: World;
  readonly #store: EventStore;
  readonly #bus = createLocalBus();
  readonly #turns = new Turns(8);
  readonly #streams = new Map<string, () => void>();

  constructor(world: World, data: LocalData, resets: string[] = []) {
    this.#world = world;
    this.resets = resets;
    this.#store = openLocalStore(world, this, data);
  }

  async answer(request: LocalRequest): Promise<LocalAnswer> {
    try {
      const person = await this.#store.personOfSession(request.session);
      if (!person) throw new Refusal('signed_out');
      return await this.#route(person, request);
    } catch (error) {
      if (error instanceof StorageFull) return { ...problem('storage_full'), retryAfter: 5 };
      if (error instanceof Refusal) return problem(error.code);
      throw error;
    }
  }

  async #route(person: StoredPerson, { method, path, body }: LocalRequest): Promise<LocalAnswer> {
    const url = new URL(path, 'http://here');
    const query = url.searchParams;
    switch (`${method} ${url.pathname}`) {
      case 'GET /api/session':
        return json({ me: online(person) });
      case 'GET /api/people':
        return json({ people: (await this.#store.people(undefined, 500)).map(online) });
      case 'GET /api/sync': {
        const snapshot = await this.#store.snapshot(person.id);
        return json({ ...snapshot, me: online(person), people: snapshot.people.map(online) });
      }
      case 'POST /api/messages': {
        const { messages, as } = read(submitSchema, body);
        if (as !== undefined && as !== person.id) throw new Refusal('other_person');
        const parts = { store: this.#store, bus: this.#bus };
        const { results } = await acceptMessages(parts, person.id, messages, this.#now());
        return json({ results });
      }
      case 'GET /api/messages': {
        const peer = { with: query.get('with') ?? '', withId: query.get('withId')! };
        const before = query.has('before') ? Number(query.get('before')) : undefined;
        return json(await this.#store.history(person.id, peer, before, Number(query.get('limit') ?? 100)));
      }
      case 'GET /api/messages/digest': {
        const peer = { with: query.get('with') ?? '', withId: query.get('withId')! };
        const [from, upTo] = ['from', 'upTo'].map((name) => Number(query.get(name)));
        return json(await this.#store.stretch(person.id, peer, from!, upTo!));
      }
      case 'POST /api/receipts': {
        const receipts = read(receiptsSchema, body);
        const at = this.#now().toISOString();
        const { inboxes } = await this.#store.recordReceipts(person.id, receipts, at);
        this.#bus.signal(inboxes);
        return { status: 204, type: '', body: '' };
      }
      case 'GET /api/events':
        return this.#batch(person, query.get('after') ?? '', Number(query.get('wait') ?? 0));
      case 'POST /api/typing':
        return { status: 204, type: '', body: '' };
      default:
        return { status: 404, type: problemType, body: '{}' };
    }
  }

  /** The long poll. */
  async #batch(person: StoredPerson, after: string, waitSeconds: number): Promise<LocalAnswer> {
    const listening = this.#bus.listen(person.id);
    const timer = this.#world.setTimer(this, waitSeconds * 1000, () => listening.end());
    const signals = listening.count();
    let page = await this.#store.readInbox(person.id, after, eventsPerBatch);
    if (waitSeconds > 0 && page.kind === 'events' && page.events.length === 0) {
      await listening.changeFrom(signals);
      page = await this.#store.readInbox(person.id, after, eventsPerBatch);
    }
    this.#world.clearTimer(timer);
    listening.end();
    if (page.kind === 'reset') {
      this.resets.push(page.reason);
      const reset = { id: page.head, event: 'reset', data: { reason: page.reason } };
      return json({ events: [reset], cursor: page.head, more: false });
    }
    const events = page.events.map((event) => ({
      id: event.id,
      event: event.kind,
      data: JSON.parse(event.json) as unknown,
    }));
    return json({ events, cursor: page.cursor, more: page.more });
  }

  /** Follows an inbox as `/api/events` does; `ended` when the reader is gone. */
  async stream(
    { session, path }: Pick<LocalRequest, 'session' | 'path'>,
    lastEventId: string,
    sink: StreamSink,
    ended: AbortController,
  ): Promise<void> {
    const person = await this.#store.personOfSession(session);
    if (!person) return sink.head(401, problemType);
    const query = new URL(path, 'http://here').searchParams;
    sink.head(200, 'text/event-stream; charset=utf-8');
    const pageId = query.get('stream') ?? '';
    this.#streams.get(pageId)?.();
    const end = () => {
      sink.end();
      ended.abort();
    };
    this.#streams.set(pageId, end);
    const given = lastEventId || query.get('after') || undefined;
    const cursor = given ?? (await this.#store.head(person.id));
    const ack = { me: online(person), resumed: given !== undefined, heartbeat: heartbeatMs / 1000 };
    const first = frame('ack', JSON.stringify(ack), given === undefined ? cursor : undefined);
    sink.write(`retry: ${streamRetryMs}\n${first}`);
    const beat = () => {
      if (ended.signal.aborted) return;
      sink.write(heartbeatFrame(this.#now()));
      this.#world.setTimer(this, heartbeatMs, beat);
    };
    this.#world.setTimer(this, heartbeatMs, beat);
    const following = followInbox(
      { store: this.#store, bus: this.#bus, turns: this.#turns },
      person.id,
      cursor,
      {
        events: async ({ events }) => {
          sink.write(events.map((event) => frame(event.kind, event.json, event.id)).join(''));
          return !ended.signal.aborted;
        },
        reset: async (reason, head) => {
          this.resets.push(reason);
          sink.write(frame('reset', JSON.stringify({ reason }), head));
          return !ended.signal.aborted;
        },
        caughtUp: () => sink.write(heartbeatFrame(this.#now())),
        over: end,
      },
    );
    ended.signal.addEventListener('abort', () => following.end());
  }

  /** Ends every stream in an orderly way, as after its lifetime. */
  rotate(): void {
    for (const end of this.#streams.values()) end();
    this.#streams.clear();
  }

  #now(): Date {
    return new Date(this.#world.now + this.clockAheadMs);
  }
}

function online(person: StoredPerson): Person {
  return { ...person, online: true };
}

function json(value: unknown): LocalAnswer {
  return { status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

export function problem(code: ProblemCode): LocalAnswer {
  const status = problemStatus[code];
  const body = JSON.stringify({ type: 'about:blank', title: code, status, code, detail: '' });
  return { status, type: problemType, body };
}

function read<T>(schema: Schema<T>, body: string): T {
  const found = schema(JSON.parse(body));
  if (found instanceof Misfit) throw new Refusal('bad_json');
  return found;
}
