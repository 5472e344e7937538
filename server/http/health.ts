/** `/healthz`: 200 when it can serve, for whoever stands in front. */
import { Router } from 'express';
import type { Parts } from './parts.ts';

export function healthRoutes({ store }: Parts): Router {
  const routes = Router();
  routes.get('/healthz', async (_request, response) => {
    await store.people(undefined, 1);
    response.json({ status: 'ok', epoch: store.epoch });
  });
  return routes;
}
