/**
 * `npm run soak`: ten devices of five people live through a bad network and a server that is killed, for SOAK_SECONDS (ten
 * minutes if not set), in rounds: faults, then calm until everybody is level again, which is measured. At the end
 * everyone must have the same, nothing lost and nothing twice; the exit code says so, the table how it went.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultsOf } from '../../support/checker.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { Crowd } from './crowd.ts';

const seconds = Number(process.env['SOAK_SECONDS'] || 600);
const isShort = seconds < 120;
/** Of the server; a short run has no time for the silence of the real ones. */
const heartbeatMs = isShort ? 1_000 : 15_000;
const roundMs = isShort ? seconds * 500 : 30_000;
/** Each device writes about so often while there are faults. */
const writeEveryMs = isShort ? 250 : 500;
const killEveryMs = isShort ? 2_500 : 7_000;
const restartEveryMs = isShort ? 3_000 : 15_000;
const dataDir = mkdtempSync(path.join(tmpdir(), 'opentalk-soak-'));

const counts = { cuts: 0, restarts: 0, reopened: 0, lostAnswers: 0 };
const levelMs: number[] = [];
const noticedMs: number[] = [];
const connectedMs: number[] = [];
const backMs: number[] = [];

let server: ChildProcess | undefined;
const port = await startServer(0);
const proxy = await startFaultProxy(port, { keepsSent: false });
const crowd = await Crowd.gather(`http://127.0.0.1:${port}`, `http://127.0.0.1:${proxy.port}`, dataDir);

const until = Date.now() + seconds * 1_000;
for (let round = 0; Date.now() < until; round += 1) {
  await live(Math.min(roundMs, until - Date.now()));
  levelMs.push(...(await timeToLevel()));
  // Once at the beginning and once at the end; each takes more than two heartbeats.
  if (round === 0 || Date.now() >= until) await cutSilently();
  await goAway(isShort ? 1_500 : 5_000);
}
const verdict = faultsOf(
  crowd.checker.compare(
    crowd.onServer(),
    await Promise.all(crowd.devices.map((_, index) => crowd.view(index))),
  ),
);
for (const index of crowd.devices.keys()) verdict.push(...(await crowd.differences(index)));
if ([...levelMs, ...noticedMs, ...backMs, ...connectedMs].includes(Infinity))
  verdict.push('a device did not get level');
const accepted = [...crowd.onServer().values()].flat().length;
tell();
crowd.leave();
await proxy.close();
await killServer();
rmSync(dataDir, { recursive: true });
process.exit(verdict.length > 0 ? 1 : 0);

async function startServer(at: number): Promise<number> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, '../../support/serve.ts')], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(at), HEARTBEAT_MS: String(heartbeatMs) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  server = child;
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())));
    child.once('exit', () => reject(new Error('The server ended before it was ready.')));
  });
}

async function killServer(): Promise<void> {
  const child = server!;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Everybody writes and reads, and the network and the server do their worst. */
async function live(ms: number): Promise<void> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), ms);
  await Promise.all([
    ...crowd.devices.map((_, index) => every(writeEveryMs, over.signal, () => writeOrRead(index))),
    // Between one and three seconds, as in a train.
    every(2_000, over.signal, () => {
      counts.cuts += 1;
      proxy.cut();
    }),
    every(killEveryMs, over.signal, () => {
      counts.lostAnswers += 1;
      proxy.loseAnswerTo('POST /api/messages');
    }),
    every(killEveryMs, over.signal, () => {
      counts.reopened += 1;
      crowd.reopen(any(crowd.devices.length));
    }),
    every(restartEveryMs, over.signal, async () => {
      counts.restarts += 1;
      await killServer();
      await startServer(port);
    }),
  ]);
  clearTimeout(timer);
}

/** About every `ms`: between a half and one and a half of it. */
async function every(ms: number, over: AbortSignal, act: () => void | Promise<void>): Promise<void> {
  while (!over.aborted) {
    await sleep(ms * (0.5 + Math.random()), undefined, { signal: over }).catch(() => undefined);
    if (!over.aborted) await act();
  }
}

function any(count: number): number {
  return Math.floor(Math.random() * count);
}

function writeOrRead(index: number): void {
  const whom = any(crowd.people.length);
  // Not awaited: the device may be killed meanwhile.
  if (Math.random() < 0.2) void crowd.read(index, whom);
  else void crowd.write(index, whom);
}

/** How long each device takes until nothing waits and it has everything, in ms. */
function timeToLevel(): Promise<number[]> {
  const began = Date.now();
  return Promise.all(crowd.devices.map((_, index) => waitFor(() => crowd.isLevel(index), began)));
}

async function waitFor(condition: () => Promise<boolean>, began: number): Promise<number> {
  while (Date.now() - began < 180_000) {
    if (await condition()) return Date.now() - began;
    await sleep(50);
  }
  return Infinity;
}

/** Connections are forgotten without a word; how long until each device has noticed, and is level again? */
async function cutSilently(): Promise<void> {
  proxy.halfOpen();
  const [ann] = crowd.people;
  const text = `silence ${Date.now()}`;
  // To everybody, so that everybody has something to miss.
  await ann!.send(...crowd.people.map((person) => ann!.draft(person, `${text} ${person.me.nick}`)));
  noticedMs.push(...(await timeToLevel()));
}

/** No network for a while, as the browser itself notices; how long until each device is connected, and is level? */
async function goAway(ms: number): Promise<void> {
  proxy.down();
  for (const index of crowd.devices.keys()) await crowd.write(index, any(crowd.people.length));
  await sleep(ms);
  proxy.up();
  crowd.online();
  const began = Date.now();
  const connected = crowd.devices.map((_, index) => waitFor(() => crowd.isConnected(index), began));
  backMs.push(...(await timeToLevel()));
  connectedMs.push(...(await Promise.all(connected)));
}

function tell(): void {
  const spread = (values: number[]) => {
    const sorted = values.toSorted((a, b) => a - b);
    const at = (part: number) => ((sorted[Math.floor((sorted.length - 1) * part)] ?? 0) / 1_000).toFixed(1);
    return `p50 ${at(0.5)} s, p95 ${at(0.95)} s, longest ${at(1)} s (${sorted.length})`;
  };
  const rows = {
    'messages composed': crowd.checker.composed,
    'on the server': accepted,
    cuts: counts.cuts,
    'servers killed': counts.restarts,
    'devices killed': counts.reopened,
    'answers lost': counts.lostAnswers,
    'level after the faults': spread(levelMs),
    'dead link noticed': `${spread(noticedMs)}, heartbeat ${heartbeatMs / 1_000} s`,
    'connected after the network is back': spread(connectedMs),
    'level after the network is back': spread(backMs),
    'promises broken': verdict.length,
  };
  for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(36)} ${value}`);
  for (const fault of verdict.slice(0, 20)) console.log(`- ${fault}`);
}
