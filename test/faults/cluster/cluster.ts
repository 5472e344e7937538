/**
 * `npm run soak:cluster`: three nodes on one store, and Redis between them. Eight devices send as fast as they can, each
 * request to whichever node; readers follow by polls and by streams that move from node to node. Meanwhile, ROUNDS times
 * (60 if not set), something goes wrong: a node is killed with -9 or told to stop, Redis is stopped, emptied or frozen, or
 * one node is cut off from it without a word. At the end everything is there once and in order, and everybody has it.
 * CLUSTER_SEED for the same faults again. The exit code says how it went.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../lab/reply.ts';
import { Checker, faultsOf, type DeviceView, type Seen } from '../../support/checker.ts';
import { Devices } from '../../support/devices.ts';
import { messagesInDatabase } from '../../support/messages-in-database.ts';
import { createDatabase } from '../../support/postgres.ts';
import { RedisProcess } from '../../support/redis-process.ts';
import { ServerProcess } from '../../support/server-process.ts';
import { startTcpRelay } from '../../support/tcp-relay.ts';
import { StreamReader } from './stream-reader.ts';

const rounds = Number(process.env['ROUNDS'] || 60);
const seed = Number(process.env['CLUSTER_SEED'] || Date.now() % 1_000_000_000);
const nodeCount = 3;
/** Messages that are acknowledged before the next thing goes wrong. */
const between = 150;
const faults = ['kill', 'stop', 'redis stops', 'redis is emptied', 'redis freezes', 'cut off'] as const;

const random = seededRandom(seed);
const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const database = await createDatabase();
const redis = await RedisProcess.start();
/** Between the last node and Redis. */
const toRedis = await startTcpRelay(() => redis.port);
const nodes = await Promise.all(Array.from({ length: nodeCount }, (_, n) => startNode(n, 0)));
/** In front of the nodes: each connection goes to any of them. */
const front = await startTcpRelay(() => any(nodes).port);
const url = `http://127.0.0.1:${front.port}`;
const checker = new Checker();
const devices = await Devices.start(url, checker, seededRandom(seed + 1));
const readers = devices.followAll((person, cursor) => new StreamReader(person, cursor));
let where = 'at the start';

try {
  await Promise.race([
    devices.failure,
    ...readers.map(({ done }) => done.then(() => new Promise(() => {}))),
    play(),
  ]);
  tell();
} catch (error) {
  console.error(`seed ${seed}, ${where}\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
for (const { server } of nodes) await server.kill();
await redis.stop();
await database.drop();
process.exit();

async function play(): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    const fault = faults[round % faults.length]!;
    where = `round ${round} of ${rounds}: ${fault}`;
    await progress();
    any(readers).move();
    await befall(fault);
  }
  where = 'at the end';
  const views = await devices.finish();
  const stored = await messagesInDatabase(database.url);
  const fromStreams = await Promise.all(readers.map((reader, n) => viewOf(reader, views[n]!, stored)));
  const found = faultsOf(checker.compare(stored, [...views, ...fromStreams]));
  if (found.length > 0) throw new Error(found.join('\n'));
}

async function befall(fault: (typeof faults)[number]): Promise<void> {
  switch (fault) {
    case 'kill':
    case 'stop': {
      const n = Math.floor(random() * nodeCount);
      const { server, port } = nodes[n]!;
      await (fault === 'kill' ? server.kill() : server.end());
      // The others go on without it.
      nodes[n] = { server, port: any(nodes.filter((node) => node.server !== server)).port };
      await progress();
      nodes[n] = await startNode(n, port);
      return;
    }
    case 'redis stops':
      await redis.stop();
      await progress();
      return redis.start();
    case 'redis is emptied':
      return redis.empty();
    case 'redis freezes':
      redis.freeze();
      await progress();
      return redis.thaw();
    case 'cut off':
      toRedis.silence();
      await progress();
      return toRedis.resume();
  }
}

async function startNode(n: number, port: number): Promise<{ server: ServerProcess; port: number }> {
  const redisPort = n === nodeCount - 1 ? toRedis.port : redis.port;
  const settings = { DATABASE_URL: database.url, REDIS_URL: `redis://127.0.0.1:${redisPort}` };
  const server = new ServerProcess('/nowhere', port, settings);
  const ready = await server.ready();
  if (ready === undefined) throw new Error('a node did not start');
  return { server, port: ready };
}

async function progress(): Promise<void> {
  const before = devices.acknowledged.size;
  while (devices.acknowledged.size < before + between) await sleep(5);
}

/** What a reader has by streams once it has all that the same person's poll has. */
async function viewOf(
  reader: StreamReader,
  view: DeviceView,
  stored: ReadonlyMap<string, readonly Seen[]>,
): Promise<DeviceView> {
  const [name] = view.threads.keys();
  const last = stored.get(name!)!.at(-1)!.seq;
  await reader.until((thread) => thread.at(-1)?.seq === last);
  return { name: `${view.name} by streams`, threads: new Map([[name!, reader.thread]]), waiting: [] };
}

function tell(): void {
  const each = faults.map(
    (fault, n) => `${fault} ${Math.floor((rounds - n) / faults.length) + (n > 0 ? 1 : 0)}`,
  );
  console.log(
    [
      `seed ${seed}: ${rounds} rounds (${each.join(', ')})`,
      `${checker.composed} messages composed and acknowledged, ${devices.duplicates} of them answered again as duplicate`,
      `${readers.reduce((sum, { streams }) => sum + streams, 0)} streams; 0 lost, 0 twice, 0 out of order; every device has the same as the store`,
    ].join('\n'),
  );
}
