/** `/healthz`: 200 when it can serve, for whoever stands in front. */
import { Router } from 'express';
import type { Parts } from './parts.ts';

export function healthRoutes({ store }: Parts): Router {
  const routes = Router();
  let looking: Promise<unknown> | undefined;

  routes.get('/healthz', async (_request, response) => {
    response.set('X-Content-Type-Options', 'nosniff');
    // Nobody is asked to sign in, so a thousand who ask at once are one look.
    looking ??= store.people(undefined, 1).finally(() => (looking = undefined));
    await looking;
    response.json({ status: 'ok', epoch: store.epoch });
  });
  return routes;
}
