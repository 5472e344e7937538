/** `/api/receipts`: how far a device has received, and a person read. */
import { Router } from 'express';
import { receiptsSchema } from '../protocol/requests.ts';
import { admit } from './admit.ts';
import { jsonBody, readBody } from './json-body.ts';
import { refuseOtherPerson } from './other-person.ts';
import type { Parts } from './parts.ts';

export function receiptRoutes(parts: Parts): Router {
  const routes = Router();
  routes.post('/api/receipts', admit(parts, 'receipts'), jsonBody, async (request, response) => {
    const { person } = await parts.sessions.require(request);
    const { as, ...receipts } = readBody(request, receiptsSchema);
    refuseOtherPerson(person, as);
    const { inboxes } = await parts.store.recordReceipts(person.id, receipts, parts.now().toISOString());
    parts.bus.signal(inboxes);
    response.status(204).end();
  });
  return routes;
}
