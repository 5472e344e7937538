/** The same on Express, with better-sse for the streams: a session each, and a channel for all. */
import { createServer } from 'node:http';
import { createChannel, createSession, type Session } from 'better-sse';
import express from 'express';
import { listening } from './listening.ts';
import { heartbeatMs, MemoryInboxes, nickOf, personJson, placeOf, type Draft } from './memory-inboxes.ts';

const inboxes = new MemoryInboxes();
const everybody = createChannel();
const byNick = new Map<string, Set<Session>>();
const app = express();
app.use(express.json({ limit: '256kb' }));
/** The data is JSON already. */
const serializer = (json: unknown) => json as string;

app.get('/api/events', async (request, response) => {
  const nick = nickOf(request);
  const place = placeOf(request);
  const session = await createSession(request, response, { retry: 500, keepAlive: heartbeatMs, serializer });
  const ofNick = byNick.get(nick) ?? new Set();
  byNick.set(nick, ofNick.add(session));
  everybody.register(session);
  session.once('disconnected', () => ofNick.delete(session));
  session.push('{}', 'ack', '');
  if (place !== undefined) {
    inboxes
      .after(nick, place)
      .forEach((json, index) => session.push(json, 'inbox', String(place + index + 1)));
  }
  session.push('{}', 'heartbeat', '');
});

app.post('/api/messages', (request, response) => {
  const { messages } = request.body as { messages: Draft[] };
  for (const draft of messages) {
    for (const { nick, place, json } of inboxes.append(nickOf(request), draft)) {
      for (const session of byNick.get(nick) ?? []) session.push(json, 'inbox', String(place));
    }
  }
  response.json({ results: messages.map(({ id }) => ({ id, status: 'accepted' })) });
});

app.post('/api/session', (request, response) => {
  everybody.broadcast(personJson((request.body as { nick: string }).nick), 'person');
  response.status(201).json({});
});

listening(createServer(app));
