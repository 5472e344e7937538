/** `/api/sync`: all that a new or reset device needs. */
import { Router } from 'express';
import type { Snapshot } from '../protocol/requests.ts';
import { seenBy, takeToken, withPresence, type Parts } from './parts.ts';

export function syncRoutes(parts: Parts): Router {
  const routes = Router();
  routes.get('/api/sync', async (request, response) => {
    const { person, tokenHash } = await parts.sessions.require(request);
    takeToken(parts, 'snapshots', tokenHash);
    const stored = await parts.store.snapshot(person.id);
    const snapshot: Snapshot = {
      ...stored,
      me: withPresence(parts, stored.me),
      people: stored.people.map((other) => seenBy(parts, person.id, other)),
    };
    response.json(snapshot);
  });
  return routes;
}
