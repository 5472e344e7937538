/**
 * Puts the parts together and listens; and takes them apart again in order, so that nothing that was accepted is refused
 * and not everybody comes back in the same second. Tests start servers with this too.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import { createLocalBus } from './bus/event-bus.ts';
import type { Config } from './config.ts';
import { limitConnections } from './connection-limit.ts';
import { limitConnectionsPerAddress } from './connections-per-address.ts';
import { endSessions } from './http/end-sessions.ts';
import { withPresence, type Parts } from './http/parts.ts';
import { limits, RateLimit } from './http/rate-limit.ts';
import { SessionUses } from './http/session-uses.ts';
import { Sessions } from './http/sessions.ts';
import { orderlyEnd } from './orderly-end.ts';
import { everyHour } from './inbox/every-hour.ts';
import { eraseAll, sweepNicks } from './inbox/gone-persons.ts';
import { startRetention } from './inbox/retention.ts';
import { Bans } from './realtime/bans.ts';
import { Discretion } from './realtime/discretion.ts';
import { Hub, mostPerAddress } from './realtime/hub.ts';
import { PresenceBoard, presenceGraceMs } from './realtime/presence.ts';
import { logStorage } from './storage-log.ts';
import { StorageFull, StorageHeld } from './store/event-store.ts';
import { openStore } from './store/open-store.ts';

/** A shutdown takes at most this long, whatever hangs. */
const shutdownMs = 8_000;

export interface RunningServer {
  port: number;
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
  const store = await openStore(config, {
    onFatal(error) {
      logger.fatal({ err: error }, `the store has failed: ${error.message}`);
      options.onFatal(error);
    },
    onNotice: logStorage(logger),
  });
  const discretion = new Discretion(await store.discretion());
  const hub = new Hub({ heartbeatMs: config.heartbeatMs, now, discretion });
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
  const presence = new PresenceBoard({
    graceMs: options.graceMs ?? presenceGraceMs,
    now,
    onChange: ({ personId, online, lastSeen }) => {
      void announcePresence(personId, online, lastSeen).catch((error: unknown) => {
        // Of a disk without room the store tells the log, once.
        if (!isPassing(error)) logger.error({ err: error }, 'presence was not announced');
      });
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
    bus: createLocalBus(),
    hub,
    presence,
    discretion,
    bans,
    sessions: new Sessions(store, config.publicUrl, bans, (tokenHash) => uses.note(tokenHash)),
    limits: {
      messages: new RateLimit(limits.messages),
      submissions: new RateLimit(limits.submissions),
      signIns: new RateLimit(limits.signIns),
      streamOpenings: new RateLimit(limits.streamOpenings),
      typing: new RateLimit(limits.typing),
      receipts: new RateLimit(limits.receipts),
      reads: new RateLimit(limits.reads),
      searches: new RateLimit(limits.searches),
      snapshots: new RateLimit(limits.snapshots),
      policyReports: new RateLimit(limits.policyReports),
      firstMessages: new RateLimit(limits.firstMessages),
      changes: new RateLimit(limits.changes),
      reports: new RateLimit(limits.reports),
      exports: new RateLimit(limits.exports),
    },
    logger,
    now,
    random,
  };

  async function announcePresence(personId: string, online: boolean, lastSeen: string): Promise<void> {
    const person = await store.person(personId);
    if (person) hub.presence(withPresence(parts, person));
    if (!online) await store.recordSeen([{ personId, at: lastSeen }]);
  }

  const { headersMs, requestMs, silenceMs } = { ...timeouts, ...options.timeouts };
  const server = createServer(
    {
      requestTimeout: requestMs,
      headersTimeout: headersMs,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 8_192,
    },
    createApp(parts, pageFolder),
  );
  server.keepAliveTimeout = 75_000;
  server.timeout = silenceMs;
  const end = orderlyEnd(server);
  limitConnections(server, logger, now);
  // Behind a proxy everybody has its address.
  if (config.rateLimits && config.trustProxy === 0) limitConnectionsPerAddress(server, 2 * mostPerAddress);
  try {
    await bans.look();
    await listen(server, config);
  } catch (error) {
    await bans.end();
    await store.close();
    throw error;
  }
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
    url: config.publicUrl ?? `http://localhost:${port}`,
    async close() {
      const ended = end(shutdownMs);
      hub.endAll(() => Math.round(1_000 + random() * 7_000));
      await ended;
      presence.close();
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

function isPassing(error: unknown): boolean {
  return error instanceof StorageFull || error instanceof StorageHeld;
}

function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Error(`port ${port} is in use; set PORT to another.`, { cause: error }) : error);
    });
    server.listen(port, host, () => resolve());
  });
}
