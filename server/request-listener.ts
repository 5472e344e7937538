/**
 * What the server calls for each request: Express, but for the one request there is the most of. Express takes three
 * times as long to find a route as that route takes; everything else is rare beside it and stays there.
 */
import type { RequestListener } from 'node:http';
import { createApp } from './app.ts';
import type { Parts } from './http/parts.ts';
import { createSubmitMessages, messagesPath } from './http/submit-messages.ts';

export function createRequestListener(parts: Parts, pageFolder: string | undefined): RequestListener {
  const submitMessages = createSubmitMessages(parts);
  const app = createApp(parts, pageFolder, submitMessages);
  return (request, response) => {
    // Other spellings of the path, which Express takes as well, go the same way there.
    if (request.method === 'POST' && request.url === messagesPath) void submitMessages(request, response);
    else app(request, response);
  };
}
