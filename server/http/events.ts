/**
 * `/api/events`: the inbox from a cursor on, as a stream or as one batch (a long poll).
 * A failed resume is said in the stream, never by a status: any answer but 200 makes a browser give up for ever.
 */
import { Router, type Request, type Response } from 'express';
import { followInbox } from '../inbox/follow-inbox.ts';
import { streamRetryMs, type LoggedEvent } from '../protocol/events.ts';
import { isUuid } from '../protocol/requests.ts';
import { EventStream, frame } from '../realtime/event-stream.ts';
import { heartbeatFrame } from '../realtime/hub.ts';
import type { InboxPage } from '../store/event-store.ts';
import { addressOf } from './address.ts';
import { queryNumber, queryText, withPresence, type Parts } from './parts.ts';
import { requireSameOrigin } from './same-origin.ts';
import type { Session } from './sessions.ts';

const eventsPerBatch = 200;
const longestWaitSeconds = 25;
/** For who opens too many streams: a browser comes back after this. */
const crowdedRetryMs = 10_000;
/** After a planned end there is no reason to wait: it comes to each stream at a time of its own. The next `ack` takes it back. */
const plannedRetryMs = 50;

export function eventRoutes(parts: Parts): Router {
  const routes = Router();
  routes.get('/api/events', requireSameOrigin(parts.config.publicUrl), async (request, response) => {
    const session = await parts.sessions.require(request);
    if (request.accepts(['text/event-stream', 'application/json']) === 'application/json') {
      await answerBatch(parts, request, response, session);
    } else {
      await openStream(parts, request, response, session);
    }
  });
  return routes;
}

async function openStream(
  parts: Parts,
  request: Request,
  response: Response,
  session: Session,
): Promise<void> {
  const { config, hub, presence, sessions, store, now, random } = parts;
  const { person, tokenHash } = session;
  const address = addressOf(request);
  const pageId = queryText(request, 'stream');
  const stream = new EventStream(response);
  stream.open();
  if (pageId !== undefined && isUuid(pageId)) hub.endOlderOf(person.id, pageId);
  const tooOften = config.rateLimits && parts.limits.streamOpenings.take(tokenHash, 1, now().getTime()) > 0;
  if (tooOften) return stream.end(crowdedRetryMs);

  const given = request.get('Last-Event-ID') || queryText(request, 'after');
  const cursor = given ?? (await store.head(person.id));
  if (sessions.hasEnded(tokenHash)) return stream.end();
  // From the question whether there is room until the place is taken nothing is waited for: a thousand may ask at once.
  if (!hub.hasRoomFor(person.id, address)) return stream.end(crowdedRetryMs);
  const ack = {
    me: { ...withPresence(parts, person), online: true },
    resumed: given !== undefined,
    heartbeat: config.heartbeatMs / 1000,
  };
  const first = frame('ack', JSON.stringify(ack), given === undefined ? cursor : undefined);
  const acknowledged = stream.writeLogged(`retry: ${streamRetryMs}\n${first}`);
  hub.join({ personId: person.id, tokenHash, pageId, address, stream });
  const leave = presence.enter(person.id);
  const lifetime = setTimeout(() => stream.end(plannedRetryMs), config.streamLifetimeMs * (1 + random() / 2));
  lifetime.unref();
  try {
    const follower = {
      events: (events: InboxEvents) =>
        stream.writeLogged(events.map(({ id, kind, json }) => frame(kind, json, id)).join('')),
      reset: (reason: string, head: string) =>
        stream.writeLogged(frame('reset', JSON.stringify({ reason }), head)),
      caughtUp: () => stream.writeMoment(heartbeatFrame(now())),
    };
    if (await acknowledged) await followInbox(parts, person.id, cursor, follower, stream.ended);
  } finally {
    clearTimeout(lifetime);
    leave();
    // Also when reading the log failed: the device then comes back, from its cursor.
    stream.end();
  }
}

type InboxEvents = Extract<InboxPage, { kind: 'events' }>['events'];

async function answerBatch(
  parts: Parts,
  request: Request,
  response: Response,
  { person, tokenHash }: Session,
): Promise<void> {
  const { hub, sessions } = parts;
  const askedSeconds = queryNumber(request, 'wait', 0, longestWaitSeconds) ?? 0;
  const address = addressOf(request);
  const after = queryText(request, 'after') ?? (await parts.store.head(person.id));
  await sessions.require(request); // it may have ended meanwhile
  if (response.closed) return;
  // One too many is not refused either: it is answered at once.
  const waitSeconds = hub.hasRoomFor(person.id, address) ? askedSeconds : 0;
  const leave = waitSeconds > 0 ? parts.presence.enter(person.id) : undefined;
  // Listen first, then read, so that nothing falls between.
  const listening = parts.bus.listen(person.id);
  const stopWaiting = setTimeout(() => listening.end(), waitSeconds * 1000);
  response.on('close', () => listening.end());
  let isOver = false;
  const end = () => {
    isOver = true;
    listening.end();
  };
  const leaveHub = hub.joinPoll({ personId: person.id, tokenHash, address, end });
  try {
    const signals = listening.count();
    let page = await parts.store.readInbox(person.id, after, eventsPerBatch);
    if (waitSeconds > 0 && page.kind === 'events' && page.events.length === 0) {
      await listening.changeFrom(signals);
      // To who was signed out meanwhile, nothing more is told.
      if (!isOver) page = await parts.store.readInbox(person.id, after, eventsPerBatch);
    }
    // A server that ends does not wait for a connection that is kept alive.
    if (isOver) response.set('Connection', 'close');
    if (!response.destroyed) response.set('Cache-Control', 'no-store').json(batchOf(page));
  } finally {
    clearTimeout(stopWaiting);
    listening.end();
    leaveHub();
    leave?.();
  }
}

function batchOf(page: InboxPage): { events: LoggedEvent[]; cursor: string; more: boolean } {
  if (page.kind === 'reset') {
    const reset = { id: page.head, event: 'reset', data: { reason: page.reason } };
    return { events: [reset], cursor: page.head, more: false };
  }
  const events = page.events.map(({ id, kind, json }) => ({
    id,
    event: kind,
    data: JSON.parse(json) as unknown,
  }));
  return { events, cursor: page.cursor, more: page.more };
}
