/**
 * A server as a process of its own, to be killed or told to stop: DATA_DIR, or DATABASE_URL and REDIS_URL, and PORT,
 * HEARTBEAT_MS, RATE_LIMIT and LOG_LEVEL in, the port out.
 */
import { startTestServer } from './start-test-server.ts';

const { DATA_DIR: dataDir, PORT: port, HEARTBEAT_MS: heartbeatMs, LOG_LEVEL: logLevel } = process.env;
const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;
const server = await startTestServer({
  dataDir: dataDir!,
  ...(databaseUrl ? { databaseUrl } : {}),
  ...(redisUrl ? { redisUrl } : {}),
  port: Number(port),
  rateLimits: process.env['RATE_LIMIT'] === 'on',
  logLevel: logLevel === 'info' ? logLevel : 'silent',
  onFatal: () => process.exit(1),
  ...(heartbeatMs ? { heartbeatMs: Number(heartbeatMs) } : {}),
});
console.log(server.port);
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
