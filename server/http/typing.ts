/** `/api/typing`: somebody types. Of the moment: said to who listens now, stored nowhere. */
import { Router } from 'express';
import { typingSchema } from '../protocol/requests.ts';
import { admit } from './admit.ts';
import { jsonBody, readBody } from './json-body.ts';
import { refuseOtherPerson } from './other-person.ts';
import type { Parts } from './parts.ts';

export function typingRoutes(parts: Parts): Router {
  const routes = Router();
  routes.post('/api/typing', admit(parts, 'typing'), jsonBody, async (request, response) => {
    const { person } = await parts.sessions.require(request);
    const { to, as } = readBody(request, typingSchema);
    refuseOtherPerson(person, as);
    const peer = await parts.store.personOfNick(to);
    if (peer && !parts.discretion.hidesTyping(peer.id, person.id))
      parts.hub.typing(peer.id, person.nick, peer.nick);
    response.status(204).end();
  });
  return routes;
}
