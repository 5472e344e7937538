/**
 * Socket.IO as its own documentation sets it up: connection state recovery, and what is emitted while it is away is
 * buffered. Once so, and once with `retries` and acknowledgements, each message under a name that the server knows again.
 */
import http from 'node:http';
import { Server } from 'socket.io';
import type { Contender } from '../contender.ts';
import { enterPlainPage, listen, plainPage, servePage } from './plain-page.ts';

const client = '<script src="/socket.io/socket.io.js"></script>';

export const socketIo: Contender = {
  name: 'Socket.IO',
  start: () =>
    serve(`const socket = io();
socket.on('connect', connected);
socket.on('message', (id, text) => say(text));
send = (text) => socket.emit('message', crypto.randomUUID(), text);`),
  ...enterPlainPage,
};

export const socketIoWithRetries: Contender = {
  name: 'Socket.IO with retries',
  start: () =>
    serve(`const socket = io({ ackTimeout: 10_000, retries: 1_000 });
socket.on('connect', connected);
socket.on('message', (id, text) => say(text));
send = (text) => socket.emit('message', crypto.randomUUID(), text);`),
  ...enterPlainPage,
};

async function serve(script: string): Promise<{ port: number; close(): Promise<void> }> {
  const server = http.createServer(servePage(plainPage(script, client)));
  const io = new Server(server, { connectionStateRecovery: {} });
  const known = new Set<string>();
  io.on('connection', (socket) => {
    socket.on('message', (id: string, text: string, acknowledge?: () => void) => {
      if (!known.has(id)) socket.broadcast.emit('message', id, text);
      known.add(id);
      acknowledge?.();
    });
  });
  return { port: await listen(server), close: () => io.close() };
}
