/** JSON as an answer, the same whether or not Express has had the request in hand. */
import type { ServerResponse } from 'node:http';

export function answerJson(
  response: ServerResponse,
  value: unknown,
  { status = 200, type = 'application/json' }: { status?: number; type?: string } = {},
): void {
  const body = JSON.stringify(value);
  response.statusCode = status;
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}
