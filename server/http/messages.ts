/** `/api/messages`: handing messages over, and reading history. */
import { Router } from 'express';
import { acceptMessages } from '../inbox/accept-messages.ts';
import { submitSchema } from '../protocol/requests.ts';
import { jsonBody, readBody } from './json-body.ts';
import { refuseOtherPerson } from './other-person.ts';
import { queryNumber, queryText, takeToken, type Parts } from './parts.ts';
import { Refused } from './problem.ts';

const mostHistory = 100;

export function messageRoutes(parts: Parts): Router {
  const routes = Router();

  routes.post('/api/messages', ...jsonBody, async (request, response) => {
    const { person } = await parts.sessions.require(request);
    const { messages, as } = readBody(request, submitSchema);
    refuseOtherPerson(person, as);
    takeToken(parts, 'messages', person.id, messages.length);
    response.json({ results: await acceptMessages(parts, person.id, messages, parts.now()) });
  });

  routes.get('/api/messages', async (request, response) => {
    const { person, tokenHash } = await parts.sessions.require(request);
    takeToken(parts, 'reads', tokenHash);
    const nick = queryText(request, 'with');
    const withId = queryText(request, 'withId');
    if (nick === undefined) throw new Refused('bad_json', 'Say with whom: ?with=<nick>.');
    const peer = { with: nick, ...(withId === undefined ? {} : { withId }) };
    const before = queryNumber(request, 'before', 1, Number.MAX_SAFE_INTEGER);
    const limit = queryNumber(request, 'limit', 1, mostHistory) ?? mostHistory;
    const history = await parts.store.history(person.id, peer, before, limit);
    if (!history) throw new Refused('unknown_person', `Nobody is called '${nick}'.`);
    response.json(history);
  });

  return routes;
}
