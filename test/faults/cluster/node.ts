/** One of several nodes, as a process of its own: STORE_AT, REDIS_URL and PORT in, the port out. */
import { startTestServer } from '../../support/start-test-server.ts';
import { storeAt } from './store-over-socket.ts';

const { STORE_AT: place, REDIS_URL: redisUrl, PORT: port } = process.env;
const store = await storeAt(place!, () => process.exit(1));
const server = await startTestServer({ store, redisUrl: redisUrl!, port: Number(port), dataDir: '/nowhere' });
console.log(server.port);
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
