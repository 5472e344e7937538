/**
 * Who may send a body. Stands before whatever reads one, so that what comes from a stranger, too fast, or beside many
 * others is neither gathered in memory nor parsed.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { takeToken, type Parts } from './parts.ts';
import { Refused } from './problem.ts';
import type { limits } from './rate-limit.ts';

/** Requests of one person at the same time, whatever they are for. A device makes one, and all of its tabs together few. */
const mostAtOnce = 10;

/**
 * Only who is signed in, with a token of `kind`. Who handles the request asks for the session again: it may have ended
 * while the body came.
 */
export function admit(parts: Parts, kind: keyof typeof limits): RequestHandler {
  const admits = admission(parts, kind);
  return async (request, response, next) => {
    if (await admits(request, response)) next();
  };
}

/** The same where there is no Express. False if who asked has gone meanwhile. */
export function admission(
  parts: Parts,
  kind: keyof typeof limits,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const { bodiesUnderWay } = parts;
  return async (request, response) => {
    const { person } = await parts.sessions.require(request);
    takeToken(parts, kind, person.id);
    // Who has gone meanwhile would never be heard to go.
    if (response.closed) return false;
    if (parts.config.rateLimits) {
      if (bodiesUnderWay.of(person.id) >= mostAtOnce)
        throw new Refused('rate_limited', 'Too much at once.', 1);
      bodiesUnderWay.add(person.id);
      response.once('close', () => bodiesUnderWay.remove(person.id));
    }
    return true;
  };
}
