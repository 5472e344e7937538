/**
 * One run of `npm run bench:nodes`, in a process of its own: messages as fast as they are answered, one and 20 a request;
 * then many connections that are quiet; then what a look at all of their inboxes costs. What came out goes to the parent.
 */
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { openPostgresStore } from '../../../server/store/postgres-store.ts';
import { askPostgres } from '../../support/postgres.ts';
import { Crowd } from '../load/crowd.ts';
import { nickOf } from '../load/names.ts';
import { cpuMs, familyCpuMs, machineCpuMs, residentBytes } from '../load/process-cost.ts';
import { tokenHashOf } from '../load/stage.ts';
import { peerOf } from '../peers/peers.ts';
import { median } from '../statistics.ts';
import { connections, senders, type Order } from './order.ts';

const requestsEach = { 1: 100, 20: 15 } as const;
const mostWaitMs = 30_000;
const looks = 15;
const settlingMs = 1_500;

const [{ ports, pids, url, personIds }] = (await once(process, 'message')) as [Order];
const peer = peerOf('opentalk');
const crowd = new Crowd({
  peer,
  connect: (person, onEvent) =>
    peer.wire.connect(ports[person % ports.length]!, { nick: nickOf(person), onEvent }),
});
await crowd.open(0, senders);
const atFirst = await written();
const figures = {
  ...(await messages(1)),
  ...(await messages(20)),
  ...(await bytesOfEach()),
  ...(await quietConnections()),
  ...(await aLook()),
};
process.send!({ figures, verdict: crowd.arrivals.verdict() }, () => process.exit());

async function messages(perRequest: 1 | 20): Promise<Record<string, number>> {
  const each = requestsEach[perRequest];
  // Not measured: what runs for the first time is compiled.
  await sendAll(Math.ceil(each / 3));
  crowd.takeDelays();
  const before = costs();
  const began = performance.now();
  await sendAll(each);
  const ms = performance.now() - began;
  const count = senders * each * perRequest;
  const spent = Object.entries(costs()).map(([who, cost]) => [who, cost - before[who as Who]] as const);
  const named = Object.fromEntries([
    ...spent.map(([who, cost]) => [`${who}Us`, (cost * 1000) / count]),
    ...spent.map(([who, cost]) => [`${who}Cores`, cost / ms]),
    ['perSecond', (count * 1000) / ms],
    ...Object.entries(crowd.takeDelays()),
  ]) as Record<string, number>;
  return Object.fromEntries(Object.entries(named).map(([key, value]) => [`${key}-${perRequest}`, value]));

  async function sendAll(times: number): Promise<void> {
    await Promise.all(
      Array.from({ length: senders }, async (_, sender) => {
        for (let sent = 0; sent < times; sent += 1) {
          await crowd.send(sender, (sender + 1) % senders, perRequest);
        }
      }),
    );
    await crowd.arrivals.complete(mostWaitMs);
  }
}

type Who = keyof ReturnType<typeof costs>;

/** Milliseconds of CPU so far. */
function costs() {
  const { user, system } = process.cpuUsage();
  return {
    nodes: pids.nodes.map(cpuMs).reduce((sum, ms) => sum + ms),
    postgres: familyCpuMs(pids.postgres),
    redis: cpuMs(pids.redis),
    load: (user + system) / 1000,
    machine: machineCpuMs(),
  };
}

/** Bytes of the database's tables and indexes, of its log, and how many messages are in it. */
async function written(): Promise<{ stored: number; logged: number; messages: number }> {
  const [row] = await askPostgres(
    url,
    `SELECT pg_database_size(current_database())::float8 AS stored, (SELECT count(*) FROM message)::int AS messages,
       (pg_current_wal_lsn() - '0/0')::float8 AS logged`,
  );
  return row as { stored: number; logged: number; messages: number };
}

async function bytesOfEach(): Promise<Record<string, number>> {
  const after = await written();
  const count = after.messages - atFirst.messages;
  return {
    storedBytes: (after.stored - atFirst.stored) / count,
    loggedBytes: (after.logged - atFirst.logged) / count,
  };
}

async function quietConnections(): Promise<Record<string, number>> {
  const before = await resident();
  const began = performance.now();
  await crowd.open(senders, connections);
  const openedPerSecond = (connections * 1000) / (performance.now() - began);
  return { bytesEach: ((await resident()) - before) / connections / 1000, openedPerSecond };
}

async function resident(): Promise<number> {
  for (let times = 0; times < 2; times += 1) {
    await delay(settlingMs);
    for (const pid of pids.nodes) process.kill(pid, 'SIGUSR2');
  }
  await delay(settlingMs / 3);
  return pids.nodes.map(residentBytes).reduce((sum, bytes) => sum + bytes);
}

/** As one node looks for what the others did, with everybody listening there. */
async function aLook(): Promise<Record<string, number>> {
  const store = await openPostgresStore({
    url,
    onFatal(error) {
      throw error;
    },
  });
  const tokenHashes = personIds.map((_, person) => tokenHashOf(nickOf(person)));
  const look = async () => {
    const began = performance.now();
    await store.glance({ personIds, tokenHashes });
    return performance.now() - began;
  };
  await look();
  const before = costs();
  const tookMs: number[] = [];
  for (let n = 0; n < looks; n += 1) tookMs.push(await look());
  const after = costs();
  await store.close();
  return {
    lookMs: median(tookMs),
    lookNodeMs: (after.load - before.load) / looks,
    lookPostgresMs: (after.postgres - before.postgres) / looks,
  };
}
