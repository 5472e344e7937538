/**
 * Loaded into a server before it starts (`--import`): on SIGUSR2 it says, in its log, what it has cost since the last time.
 * Processor time and the delay of its event loop are the server's own, whoever else is on the machine.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Load {
  /** Of all its threads, and of the kernel for it. */
  cpuMs: number;
  /** How late the event loop came to what was due: 99 of 100 times at most this. */
  loopP99Ms: number;
}

const resolutionMs = 5;
const loop = monitorEventLoopDelay({ resolution: resolutionMs });
loop.enable();
let before = process.cpuUsage();
let times = 0;

process.on('SIGUSR2', () => {
  const now = process.cpuUsage();
  const cpuMs = (now.user + now.system - before.user - before.system) / 1_000;
  const load: Load = { cpuMs, loopP99Ms: Math.max(0, loop.percentile(99) / 1e6 - resolutionMs) };
  before = now;
  loop.reset();
  times += 1;
  console.log(JSON.stringify({ level: 30, msg: `load ${times} ${JSON.stringify(load)}` }));
});
