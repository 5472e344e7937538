/**
 * createApp(parts): mounts the routes on Express, and nothing else.
 */
import express, { type Express } from 'express';
import { accountRoutes } from './http/account.ts';
import { setAnswerHeaders } from './http/answer-headers.ts';
import { deviceRoutes } from './http/devices.ts';
import { eventRoutes } from './http/events.ts';
import { healthRoutes } from './http/health.ts';
import { messageRoutes } from './http/messages.ts';
import { pageHeaders } from './http/page-headers.ts';
import type { Parts } from './http/parts.ts';
import { peerRoutes } from './http/peers.ts';
import { peopleRoutes } from './http/people.ts';
import { policyReportRoutes } from './http/policy-reports.ts';
import { problemHandler } from './http/problem.ts';
import { readyRoutes } from './http/ready.ts';
import { receiptRoutes } from './http/receipts.ts';
import { requireSameOrigin } from './http/same-origin.ts';
import { sessionRoutes } from './http/session.ts';
import { staticFiles } from './http/static-files.ts';
import type { createSubmitMessages } from './http/submit-messages.ts';
import { syncRoutes } from './http/sync.ts';
import { typingRoutes } from './http/typing.ts';

/** `pageFolder` holds the built page; a server of the API alone has none. `submitMessages`: whom it shares that with. */
export function createApp(
  parts: Parts,
  pageFolder: string | undefined,
  submitMessages?: ReturnType<typeof createSubmitMessages>,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag'); // answers of the API are never the same twice; files bring their own
  app.set('trust proxy', parts.config.trustProxy);
  app.set('query parser', 'simple');

  const sameOrigin = requireSameOrigin(parts.config.publicUrl);
  app.use('/api', (request, response, next) => {
    setAnswerHeaders(response);
    if (request.method === 'GET' || request.method === 'HEAD') return next();
    sameOrigin(request, response, next);
  });
  app.use(
    sessionRoutes(parts),
    deviceRoutes(parts),
    accountRoutes(parts),
    peopleRoutes(parts),
    messageRoutes(parts, submitMessages),
    peerRoutes(parts),
    receiptRoutes(parts),
    typingRoutes(parts),
    syncRoutes(parts),
    eventRoutes(parts),
    policyReportRoutes(parts),
    healthRoutes(parts),
    readyRoutes(parts),
  );
  if (pageFolder !== undefined) app.use(...pageHeaders(pageFolder), staticFiles(pageFolder, parts.config));
  app.use((_request, response) => {
    response.status(404).type('application/problem+json').set('X-Content-Type-Options', 'nosniff');
    response.send(JSON.stringify({ type: 'about:blank', title: 'Not found', status: 404 }));
  });
  app.use(problemHandler(parts));
  return app;
}
