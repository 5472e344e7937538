/**
 * Takes the socket of an event stream over from node:http, which otherwise keeps request, response and parser as long as
 * the stream is open: two thirds of what an idle one would cost. It touches what node:http keeps to itself, so it looks
 * first, and where anything is not as expected the stream stays with its response, which costs more and does the same.
 *
 * From then on nobody reads requests from the socket: who sends another one behind the stream is let go.
 */
import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** The chunk that ends a body. (RFC 9112, section 7.1) */
export const lastChunk = '0\r\n\r\n';

/** A part of a body as HTTP/1.1 frames it where no length was announced. (RFC 9112, section 7.1) */
export function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/**
 * The socket, once the head of the answer has gone out, or undefined if it has to stay where it is: HTTP/1.0 has no
 * chunks, what is encrypted has more than a socket beneath it, and a request that has not ended is still being read.
 */
export function takeSocket(response: ServerResponse): Socket | undefined {
  const { req: request, socket } = response;
  const isPlain = socket !== null && Object.getPrototypeOf(socket) === Socket.prototype && !socket.destroyed;
  if (!isPlain || request.method !== 'GET' || request.httpVersion !== '1.1') return undefined;
  if (!request.readableEnded || !response.headersSent) return undefined;
  // What node:http does when a connection has closed: gives back the parser, and lets go of requests.
  const letGo = socket.rawListeners('close').find(({ name }) => name === 'bound socketOnClose');
  if (letGo === undefined) return undefined;

  response.detachSocket(socket);
  socket.setTimeout(0);
  for (const event of socket.eventNames()) {
    for (const listener of socket.rawListeners(event) as (() => void)[]) {
      // Who counts connections goes on counting.
      if (event !== 'close' || listener === letGo) socket.removeListener(event, listener);
    }
  }
  letGo.call(socket);
  socket.on('error', ignore); // `close` follows
  socket.on('data', destroy);
  socket.on('end', destroy);
  socket.resume();
  // For whoever waits for the request to be over.
  response.destroy();
  response.emit('close');
  return socket;
}

function ignore(): void {}

function destroy(this: Socket): void {
  this.destroy();
}
