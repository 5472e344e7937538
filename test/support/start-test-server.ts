/**
 * A real server on a port and a data folder of its own, for tests over real HTTP. With TEST_STORE=postgres it has a
 * database of its own in the place of the folder, so that the same tests try the other store.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino, type DestinationStream } from 'pino';
import { readConfig, type Config } from '../../server/config.ts';
import { startServer, type RunningServer, type StartOptions } from '../../server/start-server.ts';
import { databaseFor, dropDatabaseFor } from './postgres.ts';

export interface TestServer extends RunningServer {
  dataDir: string;
  /** Ends it and starts it anew on the same folder. */
  restart(): Promise<TestServer>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

type Overrides = Partial<Config> &
  Pick<Partial<StartOptions>, 'pageFolder' | 'graceMs' | 'now' | 'onFatal' | 'timeouts' | 'store'> & {
    /** Where the log goes, from `info` on; nowhere if unset. */
    log?: DestinationStream;
  };

export async function startTestServer(overrides: Overrides = {}): Promise<TestServer> {
  const { pageFolder, graceMs, now, onFatal = throwIt, timeouts, store, log, ...settings } = overrides;
  const reading = readConfig({ PORT: '0', HOST: '127.0.0.1', RATE_LIMIT: 'off', LOG_LEVEL: 'silent' });
  if (!reading.ok) throw new Error(reading.problems.join(' '));
  const dataDir = settings.dataDir ?? mkdtempSync(path.join(tmpdir(), 'opentalk-test-'));
  const database = await databaseFor(dataDir);
  const config: Config = {
    ...reading.config,
    ...settings,
    dataDir,
    databaseUrl: settings.databaseUrl ?? database?.url,
  };
  const server = await startServer({
    config,
    logger: log ? pino({ level: 'info' }, log) : pino({ level: config.logLevel }),
    pageFolder,
    onFatal,
    ...(graceMs === undefined ? {} : { graceMs }),
    ...(now === undefined ? {} : { now }),
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(store === undefined ? {} : { store }),
  });
  return {
    ...server,
    dataDir,
    async restart() {
      await server.close();
      return startTestServer({ ...overrides, dataDir, port: server.port });
    },
    async remove() {
      await server.close();
      rmSync(dataDir, { recursive: true });
      await dropDatabaseFor(dataDir);
    },
  };
}

function throwIt(error: Error): never {
  throw error;
}
