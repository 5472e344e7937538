/**
 * A chat on Express that is as durable as OpenTalk: SQLite, synced before the answer. COMMIT=each commits every request;
 * COMMIT=group all that came in one turn of the loop. It waits for the disk on its only thread, as a simple server does.
 */
import { createServer, type ServerResponse } from 'node:http';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import express from 'express';
import { listening } from './listening.ts';
import {
  frame,
  heartbeat,
  heartbeatMs,
  nickOf,
  personFrame,
  placeOf,
  streamHeaders,
  type Draft,
} from './memory-inboxes.ts';

const isGrouped = process.env['COMMIT'] === 'group';
const db = new DatabaseSync(path.join(process.env['DATA_DIR']!, 'chat.db'));
db.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE message (n INTEGER PRIMARY KEY, sender TEXT, id TEXT, data TEXT, UNIQUE (sender, id));
  CREATE TABLE inbox (nick TEXT, place INTEGER, message INTEGER, PRIMARY KEY (nick, place)) WITHOUT ROWID;
`);
const addMessage = db.prepare('INSERT INTO message (sender, id, data) VALUES (?, ?, ?)');
const addEvent = db.prepare(`
  INSERT INTO inbox (nick, place, message)
  VALUES (?1, (SELECT coalesce(max(place), 0) + 1 FROM inbox WHERE nick = ?1), ?2) RETURNING place`);
const eventsAfter = db.prepare(`
  SELECT place, data FROM inbox JOIN message ON n = message WHERE nick = ? AND place > ? ORDER BY place`);

const byNick = new Map<string, Set<ServerResponse>>();
let waiting: (() => () => void)[] = [];
const app = express();
app.use(express.json({ limit: '256kb' }));

app.get('/api/events', (request, response) => {
  const nick = nickOf(request);
  const ofNick = byNick.get(nick) ?? new Set();
  byNick.set(nick, ofNick.add(response));
  response.on('close', () => ofNick.delete(response));
  response.set(streamHeaders);
  const place = placeOf(request);
  const missed = place === undefined ? [] : eventsAfter.all(nick, place);
  const frames = missed.map((event) => frame('inbox', event['data'] as string, event['place'] as number));
  response.write(`retry: 500\n${frame('ack', '{}')}${frames.join('')}${heartbeat()}`);
});

app.post('/api/messages', (request, response) => {
  const { messages } = request.body as { messages: Draft[] };
  const from = nickOf(request);
  waiting.push(() => {
    const told = messages.flatMap((draft) => append(from, draft));
    return () => {
      for (const { nick, text } of told) for (const stream of byNick.get(nick) ?? []) stream.write(text);
      response.json({ results: messages.map(({ id }) => ({ id, status: 'accepted' })) });
    };
  });
  if (!isGrouped) commit();
  else if (waiting.length === 1) setImmediate(commit);
});

app.post('/api/session', (request, response) => {
  tellAll(personFrame((request.body as { nick: string }).nick));
  response.status(201).json({});
});

setInterval(() => tellAll(heartbeat()), heartbeatMs);
listening(createServer(app));

function commit(): void {
  const writes = waiting;
  waiting = [];
  db.exec('BEGIN IMMEDIATE');
  const answers = writes.map((write) => write());
  db.exec('COMMIT');
  for (const answer of answers) answer();
}

function append(from: string, { id, to, text }: Draft): { nick: string; text: string }[] {
  const data = JSON.stringify({ id, from, to, text, acceptedAt: new Date().toISOString() });
  const message = addMessage.run(from, id, data).lastInsertRowid;
  return [to, from].map((nick) => {
    const { place } = addEvent.get(nick, message) as { place: number };
    return { nick, text: frame('inbox', data, place) };
  });
}

function tellAll(frames: string): void {
  for (const ofNick of byNick.values()) for (const stream of ofNick) stream.write(frames);
}
