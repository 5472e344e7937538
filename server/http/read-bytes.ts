/**
 * The bytes of a body, up to a limit. The first one too many ends the reading: Express's own parsers would hear a body
 * without end to its end before they say that it is too large.
 */
import type { IncomingMessage } from 'node:http';
import { Refused } from './problem.ts';

export function readBytes(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  // Made when it is needed: an error costs more than all of the reading.
  const tooLarge = () => new Refused('too_large', `A body has at most ${mostBytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= mostBytes) return void parts.push(part);
      request.pause();
      reject(tooLarge());
    });
    request.on('end', () => resolve(Buffer.concat(parts)));
    // The sender went away, or the length was a lie: nobody is left to be told more.
    const broken = () => {
      if (!request.readableEnded) reject(new Refused('bad_json', 'The body did not arrive whole.'));
    };
    request.on('error', broken);
    request.on('close', broken);
  });
}
