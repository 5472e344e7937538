/** A chat on Socket.IO with connection state recovery, over WebSocket alone. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { listening } from './listening.ts';
import { heartbeatMs, personJson, type Draft } from './memory-inboxes.ts';

const server = createServer();
const io = new Server(server, {
  transports: ['websocket'],
  pingInterval: heartbeatMs,
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
});

io.on('connection', (socket) => {
  const { nick } = socket.handshake.auth as { nick: string };
  void socket.join(nick);
  socket.on('messages', (messages: Draft[], answer: (results: object) => void) => {
    for (const { id, to, text } of messages) {
      io.to([to, nick]).emit('inbox', { id, from: nick, to, text, acceptedAt: new Date().toISOString() });
    }
    answer({ results: messages.map(({ id }) => ({ id, status: 'accepted' })) });
  });
  socket.on('session', (name: string, answer: () => void) => {
    io.emit('person', JSON.parse(personJson(name)));
    answer();
  });
});

listening(server);
