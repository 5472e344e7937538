/** What `npm run bench:nodes` has found, as text for the page on running several nodes. */
import { valuesOf, type Results, type Run } from '../results.ts';
import type { Figure } from '../scenarios/scenario.ts';
import { median } from '../statistics.ts';
import { imprint, tableOf, type Row } from '../table.ts';
import { connections, listeners, senders } from './order.ts';

export function reportOf(results: Results): string {
  const byCount = results.runs['nodes']!;
  const rows: Row[] = Object.entries(byCount).map(([count, runs]) => ({
    title: count === '1' ? '1 node' : `${count} nodes`,
    isDurable: false,
    runs,
  }));
  const one = byCount['1']!;
  return [
    imprint(results),
    `${senders} senders, one message a request:`,
    tableOf(figuresOf(1), rows),
    `${senders} senders, 20 messages a request:`,
    tableOf(figuresOf(20), rows),
    `${number(connections)} connections that are quiet, spread over the nodes:`,
    tableOf(
      [
        { key: 'bytesEach', title: 'kB a connection', digits: 1 },
        { key: 'openedPerSecond', title: 'opened a second', digits: 0 },
      ],
      rows,
    ),
    bytesSentence(one),
    lookSentence(one),
    boundSentence(one),
  ].join('\n\n');
}

function figuresOf(perRequest: number): Figure[] {
  return [
    { key: `perSecond-${perRequest}`, title: 'messages/s', digits: 0, better: 'more' },
    { key: `nodesUs-${perRequest}`, title: 'CPU µs a message: nodes', digits: 0 },
    { key: `postgresUs-${perRequest}`, title: 'PostgreSQL', digits: 0 },
    { key: `redisUs-${perRequest}`, title: 'Redis', digits: 0 },
    { key: `loadUs-${perRequest}`, title: 'the load itself', digits: 0 },
    { key: `machineCores-${perRequest}`, title: 'cores busy', digits: 2 },
    { key: `p50Ms-${perRequest}`, title: 'p50 ms', digits: 0 },
    { key: `p99Ms-${perRequest}`, title: 'p99 ms', digits: 0 },
  ];
}

function bytesSentence(runs: readonly Run[]): string {
  const of = (key: string) => number(median(valuesOf(runs, key)));
  return (
    `A message of 50 letters takes ${of('storedBytes')} bytes in PostgreSQL, with its two places in inboxes and all ` +
    `indexes, and ${of('loggedBytes')} bytes of its log, whole pages after a checkpoint with them.`
  );
}

function lookSentence(runs: readonly Run[]): string {
  const of = (key: string) => number(median(valuesOf(runs, key)));
  return (
    `A look of a node with ${number(listeners)} listeners at what the others did takes ${of('lookMs')} ms, ` +
    `${of('lookNodeMs')} ms of it CPU of the node and ${of('lookPostgresMs')} ms of PostgreSQL. ` +
    'It looks every two seconds with Redis, and every second without.'
  );
}

/** What would be the most with a processor for each, from what a message costs in it. */
function boundSentence(runs: readonly Run[]): string {
  const parts = [1, 20].map((perRequest) => {
    const most = (who: string) => number(1e6 / median(valuesOf(runs, `${who}Us-${perRequest}`)));
    const how = perRequest === 1 ? 'one a request' : `${perRequest} a request`;
    return `${how}, a node's core is full at ${most('nodes')} messages/s, a core of PostgreSQL at ${most('postgres')}`;
  });
  return `By these costs, ${parts.join('; ')}.`;
}

function number(value: number): string {
  const digits = value < 10 ? 1 : 0;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}
