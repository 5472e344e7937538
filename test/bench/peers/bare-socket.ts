/** The floor: streams on bare sockets of Node, with as much of HTTP as the load happens to speak. Nobody should serve so. */
import { createServer, type Socket } from 'node:net';
import { listening } from './listening.ts';
import type { Draft } from './memory-inboxes.ts';
import { Streams } from './streams.ts';

const streams = new Streams();

const server = createServer({ noDelay: true }, (socket) => {
  let request = '';
  // Who has left is told by the close.
  socket.on('error', () => undefined);
  socket.on('data', function read(bytes: Buffer) {
    request += bytes.toString('latin1');
    const end = request.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = request.slice(0, end);
    if (head.startsWith('GET ')) {
      socket.off('data', read);
      socket.resume();
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
      const place = /\r\nLast-Event-ID: (\d+)/.exec(head)?.[1];
      request = '';
      return streams.open(nickIn(head), place === undefined ? undefined : Number(place), socket);
    }
    const length = Number(/\r\nContent-Length: (\d+)/.exec(head)![1]);
    if (request.length < end + 4 + length) return;
    const body = JSON.parse(request.slice(end + 4)) as { messages: Draft[]; nick: string };
    request = '';
    answer(socket, head, body);
  });
});

function answer(socket: Socket, head: string, body: { messages: Draft[]; nick: string }): void {
  const isSession = head.startsWith('POST /api/session');
  if (isSession) streams.announce(body.nick);
  const json = JSON.stringify(isSession ? {} : streams.accept(nickIn(head), body.messages));
  socket.write(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n${json}`,
  );
}

function nickIn(head: string): string {
  return /\r\nCookie: ot=(\w+)/.exec(head)![1]!;
}

listening(server);
