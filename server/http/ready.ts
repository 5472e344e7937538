/**
 * `/readyz`: whether new requests may be sent here, for whoever spreads them over several nodes. 503 once the server is
 * ending and while the store does not answer; unlike `/healthz` it is no reason to start the process anew.
 */
import { Router } from 'express';
import type { Parts } from './parts.ts';

/** A store that takes longer is away, for now. */
const mostMs = 2_000;

export function readyRoutes(parts: Parts): Router {
  const routes = Router();
  /** One question to the store for all who ask in the meantime. */
  let asking: Promise<boolean> | undefined;

  function answers(): Promise<boolean> {
    asking ??= askStore(parts).finally(() => (asking = undefined));
    return asking;
  }

  routes.get('/readyz', async (_request, response) => {
    const status = parts.isEnding() ? 'ending' : (await answers()) ? 'ready' : 'store-away';
    response.set('Cache-Control', 'no-store');
    response.status(status === 'ready' ? 200 : 503).json({ status });
  });
  return routes;
}

async function askStore({ store }: Parts): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, mostMs, false);
  const answered = store.people(undefined, 1).then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
