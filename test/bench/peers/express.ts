/** A chat on Express, as one would write it. */
import { createServer } from 'node:http';
import express from 'express';
import { listening } from './listening.ts';
import { nickOf, placeOf, streamHeaders, type Draft } from './memory-inboxes.ts';
import { Streams } from './streams.ts';

const streams = new Streams();
const app = express();
app.use(express.json({ limit: '256kb' }));

app.get('/api/events', (request, response) => {
  response.set(streamHeaders);
  response.flushHeaders();
  streams.open(nickOf(request), placeOf(request), response);
});

app.post('/api/messages', (request, response) => {
  response.json(streams.accept(nickOf(request), (request.body as { messages: Draft[] }).messages));
});

app.post('/api/session', (request, response) => {
  streams.announce((request.body as { nick: string }).nick);
  response.status(201).json({});
});

listening(createServer(app));
