/**
 * `npm run bench:nodes`: one, two and three nodes side by side on one PostgreSQL and one Redis, all on this machine, with
 * the same load from another process; every message is checked by its id. Each who is written to listens at another node
 * than the sender's, where there is one. The runs take turns; each has its own nodes and a database of its own.
 * On Linux, because what each program costs is read from /proc; it starts a PostgreSQL and a Redis of its own.
 *
 *   RUNS=3    of each; fewer are only told
 *
 * A whole round is written into server/deploy/million.md and nodes/results.json.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { openPostgresStore } from '../../server/store/postgres-store.ts';
import { askPostgres } from '../support/postgres.ts';
import { noOwnPostgres, PostgresProcess } from '../support/postgres-process.ts';
import { noRedis, RedisProcess } from '../support/redis-process.ts';
import { ServerProcess } from '../support/server-process.ts';
import { nickOf } from './load/names.ts';
import { signIn } from './load/stage.ts';
import { connections, listeners, type Order } from './nodes/order.ts';
import { reportOf } from './nodes/report.ts';
import { complaintOf, describeMachine, type Results, type Run } from './results.ts';
import { fillIn } from './table.ts';

const usualRuns = 3;
const counts = [1, 2, 3];
const mostMs = 120_000;
const loadProgram = path.join(import.meta.dirname, 'nodes/load.ts');
const collectGarbage = path.join(import.meta.dirname, 'peers/collect-garbage.ts');

const missing = noOwnPostgres || noRedis;
if (missing) throw new Error(`Nodes need PostgreSQL and Redis: ${missing}.`);
const { RUNS: runs = String(usualRuns) } = process.env;
if (!/^[1-9]$/.test(runs)) throw new Error(`RUNS is a number from 1 to 9, not '${runs}'.`);

// Also where it is broken off.
process.once('SIGINT', () => process.exit(130));
const postgres = await PostgresProcess.start(['shared_buffers=256MB', 'max_wal_size=2GB']);
const redis = await RedisProcess.start();
try {
  const personIds = await setStage();
  const byCount: Record<string, Run[]> = Object.fromEntries(counts.map((count) => [count, []]));
  for (let run = 1; run <= Number(runs); run += 1) {
    for (const count of counts) {
      const began = performance.now();
      const outcome = await measure(count, personIds);
      byCount[count]!.push(outcome);
      const seconds = Math.round((performance.now() - began) / 1000);
      console.log(`run ${run}, nodes ${count}: ${complaintOf(outcome) ?? 'all arrived'} (${seconds} s)`);
    }
  }
  const results: Results = {
    at: new Date().toISOString(),
    machine: describeMachine(),
    scale: 'usual',
    versions: { Node: process.versions.node, PostgreSQL: await versionOfPostgres() },
    leftOut: {},
    runs: { nodes: byCount },
  };
  const text = reportOf(results);
  console.log(`\n${text}`);
  if (Number(runs) >= usualRuns) publish(results, text);
  if (Object.values(byCount).flat().some(complaintOf)) process.exitCode = 1;
} finally {
  await redis.stop();
  await postgres.remove();
}

/** People who are signed in, in a database that each run gets a copy of. Who only listens shows no presence. */
async function setStage(): Promise<string[]> {
  await untilItAnswers();
  await askPostgres(postgres.url, 'CREATE DATABASE stage');
  const store = await openPostgresStore({
    url: urlOf('stage'),
    onFatal(error) {
      throw error;
    },
  });
  const ids = await Promise.all(Array.from({ length: listeners }, (_, n) => signIn(store, nickOf(n))));
  await Promise.all(ids.map((id) => store.setPrivacy(id, { presence: false })));
  await store.close();
  // So that no run pays for what this has left. A look at tables that are empty would have them planned as if they stayed so.
  await askPostgres(urlOf('stage'), 'VACUUM ANALYZE person, session');
  return ids;
}

async function measure(count: number, personIds: string[]): Promise<Run> {
  await askPostgres(postgres.url, 'DROP DATABASE IF EXISTS run WITH (FORCE)');
  await askPostgres(postgres.url, 'CREATE DATABASE run TEMPLATE stage');
  const url = urlOf('run');
  const settings = {
    DATABASE_URL: url,
    REDIS_URL: redis.url,
    NODE_ENV: 'production',
    NODE_OPTIONS: `--expose-gc --import ${collectGarbage}`,
  };
  const nodes = Array.from({ length: count }, () => new ServerProcess('/nowhere', 0, settings));
  const load = fork(loadProgram);
  const timer = setTimeout(() => load.kill('SIGKILL'), mostMs);
  try {
    const ports = await Promise.all(nodes.map((node) => node.ready()));
    if (ports.includes(undefined)) return { failed: 'a node did not start' };
    const pids = { nodes: nodes.map(({ pid }) => pid), postgres: postgres.pid, redis: redis.pid };
    load.send({ ports: ports as number[], pids, url, personIds } satisfies Order);
    let outcome: Run = { failed: 'the load broke off' };
    load.on('message', (message) => (outcome = message as Run));
    await once(load, 'exit');
    return outcome;
  } finally {
    clearTimeout(timer);
    load.kill('SIGKILL');
    for (const node of nodes) await node.kill();
  }
}

function urlOf(database: string): string {
  const url = new URL(postgres.url);
  url.pathname = `/${database}`;
  return url.href;
}

async function untilItAnswers(): Promise<void> {
  const isThere = await askPostgres(postgres.url, 'SELECT 1').then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await new Promise((resolve) => setTimeout(resolve, 50));
  await untilItAnswers();
}

async function versionOfPostgres(): Promise<string> {
  const [row] = await askPostgres(postgres.url, 'SHOW server_version');
  return /[\d.]+/.exec(String(row?.['server_version']))![0];
}

function publish(results: Results, text: string): void {
  writeFileSync(
    path.join(import.meta.dirname, 'nodes/results.json'),
    `${JSON.stringify(results, undefined, 2)}\n`,
  );
  const place = path.join(import.meta.dirname, '../../server/deploy/million.md');
  writeFileSync(place, fillIn(readFileSync(place, 'utf8'), { nodes: text }));
  console.log(`\nWritten into ${place}; ${connections} connections, ${listeners} listeners.`);
}
