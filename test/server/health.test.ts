/** `/healthz` is asked by anybody, and must not become work for the store. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import express, { type ErrorRequestHandler } from 'express';
import { healthRoutes } from '../../server/http/health.ts';
import type { Parts } from '../../server/http/parts.ts';
import { until } from '../support/raw-client.ts';

it('all who ask for the health at the same time are one look, and the next is another', async () => {
  const looks: PromiseWithResolvers<unknown>[] = [];
  const store = {
    epoch: 'e',
    people: () => {
      looks.push(Promise.withResolvers());
      return looks.at(-1)!.promise;
    },
  };
  let asked = 0;
  const app = express();
  app.use((_request, _response, next) => {
    asked += 1;
    next();
  });
  app.use(healthRoutes({ store } as unknown as Parts));
  const broken: ErrorRequestHandler = (_error, _request, response, _next) => void response.status(500).end();
  app.use(broken);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`;
  const ask = async () => (await fetch(url)).status;

  const crowd = Array.from({ length: 50 }, ask);
  await until(() => asked === 50, 'all of them to have asked');
  assert.equal(looks.length, 1);
  looks[0]!.resolve([]);
  assert.deepEqual(new Set(await Promise.all(crowd)), new Set([200]));

  const next = ask();
  await until(() => looks.length === 2, 'another look');
  looks[1]!.reject(new Error('the store is gone'));
  assert.equal(await next, 500);
  server.close();
});
