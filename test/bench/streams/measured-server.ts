/** The real server in a process of its own, which tells what it costs itself when it is asked. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { startTestServer } from '../../support/start-test-server.ts';

/** What the server's process has cost since it was asked last. */
export interface Cost {
  /** Resident memory now. */
  rssBytes: number;
  /** Of all of its threads. */
  cpuMs: number;
  /** The longest that its main thread was not free. */
  longestStallMs: number;
}

const { DATA_DIR: dataDir, HEARTBEAT_MS: heartbeatMs } = process.env;
const resolutionMs = 10;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();
let cpu = process.cpuUsage();

const server = await startTestServer({
  dataDir: dataDir!,
  ...(heartbeatMs ? { heartbeatMs: Number(heartbeatMs) } : {}),
});
process.on('message', () => {
  const spent = process.cpuUsage(cpu);
  const longestStallMs = Math.max(0, delay.max / 1e6 - resolutionMs);
  const cost: Cost = {
    rssBytes: process.memoryUsage.rss(),
    cpuMs: (spent.user + spent.system) / 1000,
    longestStallMs,
  };
  process.send!(cost);
  delay.reset();
  cpu = process.cpuUsage();
});
process.on('disconnect', () => process.exit());
process.send!(server.port);
