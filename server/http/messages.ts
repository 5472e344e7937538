/** `/api/messages`: handing messages over, reading history, and comparing it. */
import { Router, type Request } from 'express';
import { queryNumber, queryText, takeToken, type Parts } from './parts.ts';
import { Refused } from './problem.ts';
import { createSubmitMessages, messagesPath } from './submit-messages.ts';

const mostHistory = 100;

export function messageRoutes(parts: Parts, submitMessages = createSubmitMessages(parts)): Router {
  const routes = Router();

  routes.post(messagesPath, submitMessages);

  routes.get('/api/messages', async (request, response) => {
    const { person, tokenHash } = await parts.sessions.require(request);
    takeToken(parts, 'reads', tokenHash);
    const peer = readPeer(request);
    const before = queryNumber(request, 'before', 1, Number.MAX_SAFE_INTEGER);
    const limit = queryNumber(request, 'limit', 1, mostHistory) ?? mostHistory;
    const history = await parts.store.history(person.id, peer, before, limit);
    if (!history) throw new Refused('unknown_person', `Nobody is called '${peer.with}'.`);
    response.json(history);
  });

  routes.get('/api/messages/digest', async (request, response) => {
    const { person, tokenHash } = await parts.sessions.require(request);
    takeToken(parts, 'reads', tokenHash);
    const peer = readPeer(request);
    const from = queryNumber(request, 'from', 1, Number.MAX_SAFE_INTEGER) ?? 1;
    const upTo = queryNumber(request, 'upTo', 0, Number.MAX_SAFE_INTEGER) ?? Number.MAX_SAFE_INTEGER;
    const stretch = await parts.store.stretch(person.id, peer, from, upTo);
    if (!stretch) throw new Refused('unknown_person', `Nobody is called '${peer.with}'.`);
    response.json(stretch);
  });

  return routes;
}

function readPeer(request: Request): { with: string; withId?: string } {
  const nick = queryText(request, 'with');
  const withId = queryText(request, 'withId');
  if (nick === undefined) throw new Refused('bad_json', 'Say with whom: ?with=<nick>.');
  return { with: nick, ...(withId === undefined ? {} : { withId }) };
}
