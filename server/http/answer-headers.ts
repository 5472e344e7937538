/** An answer is for our own pages alone: kept by nobody, read as what it says it is, and loaded into no other page. */
import type { ServerResponse } from 'node:http';

const answerHeaders = Object.entries({
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=31536000',
});

export function setAnswerHeaders(response: ServerResponse): void {
  for (const [name, value] of answerHeaders) response.setHeader(name, value);
}
