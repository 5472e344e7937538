/** `/api/people`: who is there. */
import { Router } from 'express';
import { queryNumber, queryText, seenBy, takeToken, type Parts } from './parts.ts';

const mostPeople = 500;

export function peopleRoutes(parts: Parts): Router {
  const routes = Router();
  routes.get('/api/people', async (request, response) => {
    const { person: me, tokenHash } = await parts.sessions.require(request);
    const search = queryText(request, 'search');
    takeToken(parts, search === undefined ? 'reads' : 'searches', tokenHash);
    const limit = queryNumber(request, 'limit', 1, mostPeople) ?? mostPeople;
    const people = await parts.store.people(search, limit);
    response.json({ people: people.map((person) => seenBy(parts, me.id, person)) });
  });
  return routes;
}
