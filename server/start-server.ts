/**
 * Puts the parts together and listens; and takes them apart again in order, so that nothing that was accepted is refused
 * and not everybody comes back in the same second. Tests start servers with this too.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import { createLocalBus } from './bus/event-bus.ts';
import type { Config } from './config.ts';
import { limitConnections } from './connection-limit.ts';
import { limitConnectionsPerAddress } from './connections-per-address.ts';
import { endSessions } from './http/end-sessions.ts';
import { withPresence, type Parts } from './http/parts.ts';
import { makeLimits } from './http/rate-limit.ts';
import { RefusalLog } from './http/refusal-log.ts';
import { SessionUses } from './http/session-uses.ts';
import { Sessions } from './http/sessions.ts';
import { listen } from './listen.ts';
import { orderlyEnd } from './orderly-end.ts';
import { everyHour } from './inbox/every-hour.ts';
import { eraseAll, sweepNicks } from './inbox/gone-persons.ts';
import { startRetention } from './inbox/retention.ts';
import { Turns } from './inbox/turns.ts';
import { createFigures, type Gauges } from './metrics/figures.ts';
import { measured } from './metrics/measured-store.ts';
import { startMetrics, type MetricsServer } from './metrics/metrics-server.ts';
import { Bans } from './realtime/bans.ts';
import { Discretion } from './realtime/discretion.ts';
import { Hub, mostPerAddress } from './realtime/hub.ts';
import { PresenceBoard, presenceGraceMs, type PresenceChange } from './realtime/presence.ts';
import { Tally } from './realtime/tally.ts';
import { createRequestListener } from './request-listener.ts';
import { SeveralNodes } from './several-nodes.ts';
import { logStorage } from './storage-log.ts';
import { StorageFull, StorageHeld, type EventStore } from './store/event-store.ts';
import { openStore } from './store/open-store.ts';
import type { SharedStore } from './store/shared-store.ts';
import { tidyAfterRush } from './tidy-after-rush.ts';
import { answerUnreadable } from './unreadable-requests.ts';

/** How many streams read what they missed at the same time: enough to keep the store busy, and news waits for no more. */
const replaysAtOnce = 8;
/** A shutdown takes at most this long, whatever hangs. */
const shutdownMs = 6_000;

export interface RunningServer {
  port: number;
  /** Undefined if there is none. */
  metricsPort: number | undefined;
  url: string;
  close(): Promise<void>;
}

export interface StartOptions {
  config: Config;
  logger: Logger;
  pageFolder: string | undefined;
  /** The store is broken and the process must end: going on could acknowledge what is not on disk. */
  onFatal: (error: Error) => void;
  now?: () => Date;
  random?: () => number;
  graceMs?: number;
  /** In place of the one that the settings name. */
  store?: EventStore;
  timeouts?: Partial<typeof timeouts>;
}

const timeouts = {
  headersMs: 5_000,
  /** A full batch takes its time on 2G. */
  requestMs: 60_000,
  /** Who takes nothing of an answer for so long is gone. The slowest heartbeat and the longest poll are sooner. */
  silenceMs: 90_000,
};

export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { config, logger, pageFolder, now = () => new Date(), random = Math.random } = options;
  const figures = config.metricsPort === undefined ? undefined : createFigures(gauges());
  const opened = options.store ?? (await openStoreOf(options));
  const store = figures ? measured(opened, figures) : opened;
  const buckets = makeLimits();
  const hubOptions = { heartbeatMs: config.heartbeatMs, now };
  const presenceOptions = { graceMs: options.graceMs ?? presenceGraceMs, now, onChange };
  const stored = await store.discretion();
  const nodes =
    config.redisUrl !== undefined && isShared(store)
      ? new SeveralNodes({
          ...{ store, redisUrl: config.redisUrl, logger, now, random, isPassing },
          ...{ discretion: stored, hub: hubOptions, presence: presenceOptions, limits: buckets },
        })
      : undefined;
  const discretion = nodes?.discretion ?? new Discretion(stored);
  const hub = nodes?.hub ?? new Hub({ ...hubOptions, discretion });
  const presence = nodes?.presence ?? new PresenceBoard(presenceOptions);
  const bans = new Bans({
    store,
    now,
    onBanned(personId) {
      hub.endPerson(personId);
      presence.drop(personId);
    },
    report(error) {
      if (!isPassing(error)) logger.error({ err: error }, 'bans were not looked for');
    },
  });
  const uses = new SessionUses({
    record: (tokenHash, at) => store.recordUse(tokenHash, at),
    now,
    onError(error) {
      if (!isPassing(error)) logger.error({ err: error }, 'the use of a session was not noted');
    },
  });
  const parts: Parts = {
    config,
    store,
    bus: nodes?.bus ?? createLocalBus(),
    hub,
    turns: new Turns(replaysAtOnce),
    presence,
    discretion,
    bans,
    sessions: new Sessions(
      store,
      config.publicUrl,
      bans,
      (tokenHash) => {
        uses.note(tokenHash);
        nodes?.used(tokenHash);
      },
      config.trustProxy,
    ),
    limits: nodes?.limits.buckets ?? buckets,
    bodiesUnderWay: new Tally(),
    refusals: new RefusalLog(logger),
    isEnding: () => isEnding,
    logger,
    now,
    random,
  };
  let isEnding = false;

  function gauges(): Gauges {
    return {
      listeners: () => hub.sessions().length,
      connections: () => promisify(server.getConnections.bind(server))(),
      online: () => presence.everybody().length,
      longestLagMs: () => hub.longestLagMs(),
      ...(config.redisUrl === undefined ? {} : { isLinkUp: () => nodes?.isLinkUp() ?? false }),
    };
  }

  function onChange(change: PresenceChange & { isOurs?: boolean }): void {
    void announcePresence(change).catch((error: unknown) => {
      // Of a disk without room the store tells the log, once.
      if (!isPassing(error)) logger.error({ err: error }, 'presence was not announced');
    });
  }

  async function announcePresence({
    personId,
    online,
    lastSeen,
    isOurs = true,
  }: PresenceChange & { isOurs?: boolean }): Promise<void> {
    const person = await store.person(personId);
    if (person) hub.presence(withPresence(parts, person));
    if (!online && isOurs) await store.recordSeen([{ personId, at: lastSeen }]);
  }

  const { headersMs, requestMs, silenceMs } = { ...timeouts, ...options.timeouts };
  const server = createServer(
    {
      requestTimeout: requestMs,
      headersTimeout: headersMs,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 8_192,
    },
    createRequestListener(parts, pageFolder),
  );
  server.keepAliveTimeout = 75_000;
  server.timeout = silenceMs;
  const end = orderlyEnd(server);
  answerUnreadable(server);
  limitConnections(server, logger, now);
  tidyAfterRush(server);
  // Behind a proxy everybody has its address.
  if (config.rateLimits && config.trustProxy === 0) limitConnectionsPerAddress(server, 2 * mostPerAddress);
  let metrics: MetricsServer | undefined;
  try {
    await bans.look();
    if (figures) {
      metrics = await startMetrics(figures, server, { port: config.metricsPort!, host: config.metricsHost });
    }
    await listen(server, config, 'PORT');
  } catch (error) {
    await metrics?.end();
    await bans.end();
    await store.close();
    throw error;
  }
  nodes?.join(parts);
  const retention = startRetention({ ...parts, keep: config });
  const goneLook = everyHour(
    async (hasEnded) => {
      await eraseAll(parts, hasEnded);
      await sweepNicks(parts, config, (ended) => endSessions(parts, ended), hasEnded);
    },
    (error) => logger.warn({ err: error }, 'what is of persons who have gone could not be removed'),
  );
  const { port } = server.address() as AddressInfo;

  return {
    port,
    metricsPort: metrics?.port,
    url: config.publicUrl ?? `http://localhost:${port}`,
    async close() {
      isEnding = true;
      const ended = end(shutdownMs);
      hub.endAll(() => Math.round(1_000 + random() * 7_000));
      await ended;
      parts.refusals.write();
      presence.close();
      await nodes?.end();
      await metrics?.end();
      const at = now().toISOString();
      try {
        await store.recordSeen(presence.everybody().map((personId) => ({ personId, at })));
      } catch (error) {
        // When they were last seen is not worth a bad end.
        if (!isPassing(error)) throw error;
      }
      await bans.end();
      await retention.end();
      await goneLook.end();
      await store.close();
    },
  };
}

function openStoreOf({ config, logger, onFatal }: StartOptions): Promise<EventStore> {
  return openStore(config, {
    onFatal(error) {
      logger.fatal({ err: error }, `the store has failed: ${error.message}`);
      onFatal(error);
    },
    onNotice: logStorage(logger),
  });
}

function isShared(store: EventStore): store is SharedStore {
  return 'glance' in store;
}

function isPassing(error: unknown): boolean {
  return error instanceof StorageFull || error instanceof StorageHeld;
}
