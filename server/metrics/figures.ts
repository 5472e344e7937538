/**
 * What Prometheus is told: names and meanings, in one place. No figure names a person, a nick or an address.
 * Seconds and bytes, as its conventions want it.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Gauges {
  /** Streams and long polls that are open. */
  listeners: () => number;
  connections: () => Promise<number>;
  /** Persons who are online here. */
  online: () => number;
  /** For how long the slowest reader of a stream has taken nothing. */
  longestLagMs: () => number;
  /** Not there for a single node. */
  isLinkUp?: () => boolean;
}

export type Figures = ReturnType<typeof createFigures>;

export function createFigures(gauges: Gauges) {
  const registry = new Registry();
  const registers = [registry];
  // Of the process: CPU, memory, garbage collection, and how late the event loop is.
  collectDefaultMetrics({ register: registry });
  gauge('opentalk_listeners', 'Event streams and long polls that are open.', gauges.listeners);
  gauge('opentalk_connections', 'Connections that are open.', gauges.connections);
  gauge('opentalk_online', 'Persons who are online on this node.', gauges.online);
  gauge(
    'opentalk_slowest_stream_seconds',
    'For how long the stream that lags the most has taken nothing; at a minute it is ended.',
    () => gauges.longestLagMs() / 1_000,
  );
  const { isLinkUp } = gauges;
  if (isLinkUp) {
    gauge('opentalk_redis_up', 'Whether this node hears the others through Redis.', () => Number(isLinkUp()));
  }

  function gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await read());
      },
    });
  }

  return {
    registry,
    storeUp: new Gauge({
      name: 'opentalk_store_up',
      help: 'Whether the store did what it was last asked to: 0 while it is full, held, or away.',
      registers,
    }),
    sends: new Counter({
      name: 'opentalk_messages_total',
      help: 'Messages that devices handed over, by what became of them.',
      labelNames: ['status'] as const,
      registers,
    }),
    commit: new Histogram({
      name: 'opentalk_commit_seconds',
      help: 'From the asking for a commit to its end, for each request with messages.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    together: new Histogram({
      name: 'opentalk_commit_requests',
      help: 'Requests with messages that were acknowledged in the same moment: one commit for many.',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
      registers,
    }),
    reading: new Histogram({
      name: 'opentalk_inbox_read_seconds',
      help: 'From the asking for a page of an inbox to its coming: how long a stream that lags waits.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    replay: new Histogram({
      name: 'opentalk_replay_seconds',
      help: 'From the opening of a stream until it has caught up with the log.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    events: new Counter({
      name: 'opentalk_events_read_total',
      help: 'Events that were read from inboxes, for streams, long polls and replays.',
      registers,
    }),
    resets: new Counter({
      name: 'opentalk_resets_total',
      help: 'Cursors that were no good, by the reason.',
      labelNames: ['reason'] as const,
      registers,
    }),
    refusals: new Counter({
      name: 'opentalk_refusals_total',
      help: 'Requests and drafts that were refused, by code.',
      labelNames: ['code'] as const,
      registers,
    }),
    answers: new Counter({
      name: 'opentalk_answers_total',
      help: 'Answers, by status.',
      labelNames: ['status'] as const,
      registers,
    }),
  };
}
