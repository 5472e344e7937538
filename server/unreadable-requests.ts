/**
 * What is no request of HTTP, or does not come to its end in time, is answered by a status without a body, made once, and
 * let go. It does as Node does by itself, and adds what every answer of ours says: take it for nothing else, keep it nowhere.
 */
import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

const statuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
const otherwise = 400;
const answers = new Map(
  [...Object.values(statuses), otherwise].map((status) => [
    status,
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Connection: close',
      'Content-Length: 0',
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      '',
      '',
    ].join('\r\n'),
  ]),
);

export function answerUnreadable(server: Server): void {
  const lastAnswers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }, response) => {
    lastAnswers.set(socket, response);
    // A stream that let go of its request would else hold on to it here for as long as it is open.
    response.once('close', () => {
      if (lastAnswers.get(socket) === response) lastAnswers.delete(socket);
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const last = lastAnswers.get(socket);
    // In the middle of another answer it would be taken for a part of that.
    const isFree = last === undefined || last.writableFinished || !last.headersSent;
    if (socket.writable && isFree) socket.write(answers.get(statuses[error.code ?? ''] ?? otherwise)!);
    socket.destroy(error);
  });
}
