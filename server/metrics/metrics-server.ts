/**
 * `GET /metrics`, for Prometheus: on a port of its own that only the machine itself reaches unless the operator says
 * otherwise, so that no way in front of the service leads there by mistake.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { AddressInfo } from 'node:net';
import { catchingUp, type CatchingUp } from '../inbox/catching-up.ts';
import { refused, type Refusal } from '../http/refused.ts';
import { listen } from '../listen.ts';
import type { Figures } from './figures.ts';

export interface MetricsServer {
  port: number;
  end(): Promise<void>;
}

/** `main` is the server whose answers are counted. */
export async function startMetrics(
  figures: Figures,
  main: Server,
  at: { port: number; host: string },
): Promise<MetricsServer> {
  const onRefusal = (refusal: unknown) => figures.refusals.inc({ code: (refusal as Refusal).code });
  const onCaughtUp = (replay: unknown) => figures.replay.observe((replay as CatchingUp).seconds);
  subscribe(refused.name, onRefusal);
  subscribe(catchingUp.name, onCaughtUp);
  main.on('request', (_request, response: ServerResponse) => {
    response.once('finish', () => figures.answers.inc({ status: response.statusCode }));
  });

  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
    figures.registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': figures.registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await listen(server, at, 'METRICS_PORT');
  return {
    port: (server.address() as AddressInfo).port,
    async end() {
      unsubscribe(refused.name, onRefusal);
      unsubscribe(catchingUp.name, onCaughtUp);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
