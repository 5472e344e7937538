/** A chat on node:http alone: what a stream and a request cost without a framework. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listening } from './listening.ts';
import { nickOf, placeOf, streamHeaders, type Draft } from './memory-inboxes.ts';
import { Streams } from './streams.ts';

const streams = new Streams();

const server = createServer((request, response) => {
  if (request.url === '/api/events') {
    response.writeHead(200, streamHeaders);
    return streams.open(nickOf(request), placeOf(request), response);
  }
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => answer(request, response, JSON.parse(Buffer.concat(parts).toString()) as Body));
});

interface Body {
  messages: Draft[];
  nick: string;
}

function answer(request: IncomingMessage, response: ServerResponse, body: Body): void {
  const isSession = request.url === '/api/session';
  if (isSession) streams.announce(body.nick);
  const json = JSON.stringify(isSession ? {} : streams.accept(nickOf(request), body.messages));
  response.writeHead(isSession ? 201 : 200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(json),
  });
  response.end(json);
}

listening(server);
