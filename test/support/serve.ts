/** A server as a process of its own, to be killed: DATA_DIR and PORT in, the port out. */
import { startTestServer } from './start-test-server.ts';

const { DATA_DIR: dataDir, PORT: port } = process.env;
const server = await startTestServer({ dataDir: dataDir!, port: Number(port) });
console.log(server.port);
