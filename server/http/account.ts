/** `DELETE /api/me` and `GET /api/export`: leaving for good, and taking along what one has. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { eraseAll } from '../inbox/gone-persons.ts';
import { nickSkeleton } from '../protocol/nick-skeleton.ts';
import { deleteMeSchema } from '../protocol/requests.ts';
import { admit } from './admit.ts';
import { clearKept } from './clear-kept.ts';
import { endSessions } from './end-sessions.ts';
import { exportOf } from './export.ts';
import { jsonBody, readBody } from './json-body.ts';
import { takeToken, type Parts } from './parts.ts';
import { Refused } from './problem.ts';

export function accountRoutes(parts: Parts): Router {
  const { config, store, sessions, logger, now } = parts;
  const routes = Router();

  routes.get('/api/export', async (request, response) => {
    const session = await sessions.require(request);
    takeToken(parts, 'exports', session.person.id);
    const at = now().toISOString();
    response.attachment(`opentalk-${session.person.nick}-${at.slice(0, 10)}.json`).type('application/json');
    const text = exportOf(store, session, at, () => sessions.hasEnded(session.tokenHash));
    try {
      await pipeline(Readable.from(text), response);
    } catch (error) {
      // Half of it must not pass for all: the connection is cut. That the reader went away is no news.
      if (!request.destroyed) logger.warn({ err: error }, 'an export was not finished');
    }
  });

  /** The nick is the second step: who only pressed a button has not typed it. */
  routes.delete('/api/me', admit(parts, 'changes'), jsonBody, async (request, response) => {
    const { person } = await sessions.require(request);
    const { nick } = readBody(request, deleteMeSchema);
    if (nickSkeleton(nick) !== nickSkeleton(person.nick)) {
      throw new Refused('other_person', 'To delete this account, send the nick of who is signed in.');
    }
    const at = now();
    const quarantineUntil = new Date(at.getTime() + config.quarantineNicksMs).toISOString();
    const ended = await store.deletePerson(person.id, at.toISOString(), quarantineUntil);
    endSessions(parts, ended);
    // Deleted they are, whatever happens now: the hourly look takes the rest.
    await eraseAll(parts).catch((error: unknown) => logger.warn({ err: error }, 'their texts go later'));
    logger.info({ person: person.id }, 'deleted for good');
    sessions.clearCookie(request, response);
    clearKept(response);
    response.status(204).end();
  });

  return routes;
}
