/** `/api/messages`: handing messages over, reading history, and comparing it. */
import { Router, type Request } from 'express';
import { failpoint } from '../failpoint.ts';
import { acceptMessages } from '../inbox/accept-messages.ts';
import { submitSchema, type Draft } from '../protocol/requests.ts';
import { admit } from './admit.ts';
import { jsonBody, readBody } from './json-body.ts';
import { refuseOtherPerson } from './other-person.ts';
import { queryNumber, queryText, takeToken, type Parts } from './parts.ts';
import { Refused } from './problem.ts';

const mostHistory = 100;

export function messageRoutes(parts: Parts): Router {
  const routes = Router();

  routes.post('/api/messages', admit(parts, 'submissions'), ...jsonBody, async (request, response) => {
    failpoint('received');
    const { person } = await parts.sessions.require(request);
    const { messages, as } = readBody(request, submitSchema);
    failpoint('parsed');
    refuseOtherPerson(person, as);
    takeToken(parts, 'messages', person.id, messages.length);
    const held = await tooManyStrangers(person.id, messages);
    const { results, strangers } = await acceptMessages(parts, person.id, messages, parts.now(), held);
    if (strangers.length > 0)
      parts.limits.firstMessages.take(person.id, strangers.length, parts.now().getTime());
    for (const stranger of strangers) parts.hub.peersChanged(stranger);
    failpoint('before-answer');
    response.json({ results });
    failpoint('answered');
  });

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

  /**
   * Which of them would be the first to yet another stranger. Like the other limits it is taken into debt; only who is in
   * debt is looked at more closely. Each is judged by itself, so that nothing else waits for it.
   */
  async function tooManyStrangers(personId: string, drafts: Draft[]): Promise<ReadonlySet<Draft>> {
    const isInDebt =
      parts.config.rateLimits && parts.limits.firstMessages.wait(personId, parts.now().getTime()) > 0;
    if (!isInDebt) return new Set();
    const first = await parts.store.wouldBeFirst(personId, drafts);
    return new Set(drafts.filter((_, index) => first[index]));
  }

  return routes;
}

function readPeer(request: Request): { with: string; withId?: string } {
  const nick = queryText(request, 'with');
  const withId = queryText(request, 'withId');
  if (nick === undefined) throw new Refused('bad_json', 'Say with whom: ?with=<nick>.');
  return { with: nick, ...(withId === undefined ? {} : { withId }) };
}
