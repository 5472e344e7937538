/**
 * Problem → response, in one place. (RFC 9457)
 * What a handler throws that is not foreseen here is a bug: it is logged, and told to nobody.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorRequestHandler, Request } from 'express';
import type { Logger } from 'pino';
import { maxBodyBytes } from '../protocol/requests.ts';
import { problemStatus, problemType, type Problem, type ProblemCode } from '../protocol/problem.ts';
import { StorageFull, StorageHeld } from '../store/event-store.ts';
import { answerJson } from './answer-json.ts';
import type { RefusalLog } from './refusal-log.ts';
import { refused, type Refusal } from './refused.ts';

/** Thrown by whatever stands before a handler; a refusal, not a bug. */
export class Refused extends Error {
  readonly code: ProblemCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, detail: string, retryAfterSeconds?: number) {
    // Nobody reads where a refusal was thrown, and writing that down is a tenth of what refusing costs.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(detail);
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const titles: Partial<Record<ProblemCode, string>> = {
  nick_taken: 'Nick taken',
  nick_invalid: 'Not a nick',
  unknown_person: 'Unknown person',
  banned: 'Banned',
  signed_out: 'Signed out',
  other_person: 'Another person is signed in',
  cross_site: 'From another site',
  bad_json: 'Not understood',
  wrong_type: 'Wrong content type',
  too_large: 'Too large',
  rate_limited: 'Too many requests',
  storage_full: 'Storage full',
};

function sendProblem(
  response: ServerResponse,
  code: ProblemCode,
  detail: string,
  retryAfterSeconds?: number,
): void {
  refused.publish({ code } satisfies Refusal);
  const status = problemStatus[code];
  const problem: Problem = { type: 'about:blank', title: titles[code] ?? 'Refused', status, code, detail };
  // What is still on its way is not read. (Where the type is wrong, nobody of ours has sent it.)
  if (code === 'wrong_type' || announcesTooMuch(response.req)) response.setHeader('Connection', 'close');
  if (retryAfterSeconds !== undefined)
    response.setHeader('Retry-After', String(Math.ceil(retryAfterSeconds)));
  answerJson(response, problem, { status, type: problemType });
}

/** A body that is longer than any is read, or does not say how long it is, as no device of ours sends it. */
function announcesTooMuch({ headers }: IncomingMessage): boolean {
  const length = Number(headers['content-length'] ?? 0);
  return headers['transfer-encoding'] !== undefined || !(length <= maxBodyBytes);
}

interface ProblemLogs {
  logger: Logger;
  refusals: RefusalLog;
}

export function problemHandler(logs: ProblemLogs): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, _next) => answerProblem(logs, error, response, routeOf(request));
}

/** `route`: what the log may call it. */
export function answerProblem(
  { logger, refusals }: ProblemLogs,
  error: unknown,
  response: ServerResponse,
  route: string,
): void {
  if (response.headersSent) {
    // Too late to say anything but that it went wrong.
    logger.error({ err: error, route }, 'failed in the middle of an answer');
    response.destroy();
    return;
  }
  if (error instanceof Refused) {
    refusals.count(error.code);
    return sendProblem(response, error.code, error.message, error.retryAfterSeconds);
  }
  // The log hears of these two from the store, once.
  if (error instanceof StorageFull) {
    const detail = 'The server has no room left. It will be tried again.';
    return sendProblem(response, 'storage_full', detail, 30);
  }
  if (error instanceof StorageHeld) {
    const detail = 'The data of the server cannot be reached now. It will be tried again.';
    return sendProblem(response, 'storage_full', detail, 5);
  }
  logger.error({ err: error, route }, 'unexpected error');
  const problem = { type: 'about:blank', title: 'Internal error', status: 500 };
  answerJson(response, problem, { status: 500, type: problemType });
}

/** As it is written in the code: what stands in an address may be a nick. */
function routeOf({ method, route }: Request): string {
  return `${method} ${(route as { path?: string } | undefined)?.path ?? ''}`;
}
