/**
 * `npm run bench`: OpenTalk and its peers, side by side, driven by the same load from another process; every message is
 * checked by its id. The runs of the servers take turns, so that what else the machine does hits all alike. On Linux,
 * because what a server costs is read from /proc. It installs nothing; who is not here is named.
 *
 *   BENCH=crowd          only scenarios with this in their name
 *   PEERS=express,nchan  only these, beside OpenTalk
 *   RUNS=3               of each
 *   BENCH_SCALE=small    to try it; `full` goes to 10,000,000 stored messages and takes long
 *
 * What was measured on everybody (no PEERS, not small) is written into README.md, .github/images and results.json beside
 * this as soon as a scenario is over; what stands there of other scenarios stays.
 */
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { Scale } from './load/lab.ts';
import { peers, type Peer } from './peers/peers.ts';
import { picturesOf, tablesOf } from './report.ts';
import { complaintOf, describeMachine, type Results, type Run } from './results.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { scenarios } from './scenarios/scenarios.ts';
import { fillIn } from './table.ts';
import { versions } from './versions.ts';

const root = path.join(import.meta.dirname, '../..');
const loadProgram = path.join(import.meta.dirname, 'load/load.ts');
const resultsFile = path.join(import.meta.dirname, 'results.json');
/** A run that has not ended by then hangs. Ten million messages take their time to be put there. */
const mostMs = { small: 2 * 60_000, usual: 10 * 60_000, full: 60 * 60_000 };

if (process.platform !== 'linux') throw new Error('The benchmark reads /proc: it runs on Linux only.');
const {
  BENCH: part = '',
  PEERS: names = '',
  RUNS: runs = '3',
  BENCH_SCALE: scaleName = 'usual',
} = process.env;
const scale = readScale(scaleName);
if (!/^[1-9]\d?$/.test(runs)) throw new Error(`RUNS is a number from 1 to 99, not '${runs}'.`);
const chosen = scenarios.filter(({ name }) => name.includes(part));
if (chosen.length === 0) throw new Error(`BENCH=${part} is in none of ${namesOf(scenarios)}.`);
const unknown = names.split(',').filter((wanted) => !peers.some(({ name }) => name.includes(wanted)));
if (unknown.length > 0) throw new Error(`PEERS=${unknown.join()} is in none of ${namesOf(peers)}.`);
const leftOut: Results['leftOut'] = {};
const present = peers.filter(isWanted).filter((peer) => {
  const how = peer.missing();
  if (how !== undefined) leftOut[peer.title] = how;
  return how === undefined;
});
for (const [title, how] of Object.entries(leftOut))
  console.log(`${title} is left out, because it is not installed: ${how}`);

const isKept = names === '' && scale !== 'small';
const results: Results = {
  at: new Date().toISOString(),
  machine: describeMachine(),
  scale,
  versions: versions(present),
  leftOut,
  runs: isKept ? runsBefore() : {},
};
const scratch = mkdtempSync(path.join(tmpdir(), 'opentalk-bench-'));
process.once('SIGINT', () => {
  rmSync(scratch, { recursive: true, force: true });
  process.exit(130);
});
try {
  for (const scenario of chosen) {
    results.runs[scenario.name] = await measure(scenario);
    for (const { name, title } of scenario.tables) console.log(`\n${title}\n${tablesOf(results)[name]}\n`);
    if (isKept) publish();
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const failures = chosen
  .flatMap(({ name }) => Object.values(results.runs[name] ?? {}).flat())
  .filter(complaintOf).length;
if (failures > 0) {
  console.error(`${failures} runs failed.`);
  process.exitCode = 1;
}

async function measure(scenario: Scenario): Promise<Record<string, Run[]>> {
  const measured = present.filter((peer) => scenario.isFor(peer));
  const byPeer: Record<string, Run[]> = Object.fromEntries(measured.map(({ name }) => [name, []]));
  for (let run = 1; run <= Number(runs); run += 1) {
    for (const peer of measured) {
      const began = performance.now();
      const outcome = await runOnce(scenario, peer);
      byPeer[peer.name]!.push(outcome);
      const seconds = Math.round((performance.now() - began) / 1000);
      console.log(
        `${scenario.name}, run ${run}, ${peer.title}: ${complaintOf(outcome) ?? 'all arrived'} (${seconds} s)`,
      );
    }
  }
  return byPeer;
}

function runOnce(scenario: Scenario, peer: Peer): Promise<Run> {
  const order = { scenario: scenario.name, peer: peer.name, scale, scratch };
  const load = fork(loadProgram, [JSON.stringify(order)], { execArgv: ['--max-old-space-size=8192'] });
  return new Promise((resolve) => {
    let outcome: Run | undefined;
    const timer = setTimeout(() => load.disconnect(), mostMs[scale]);
    load.on('message', (message) => (outcome = message as Run));
    load.once('exit', (code) => {
      clearTimeout(timer);
      resolve(outcome ?? { failed: `the load ended with ${code}` });
    });
  });
}

function publish(): void {
  writeFileSync(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
  const texts = tablesOf(results);
  for (const { place, file, title, svg } of picturesOf(results)) {
    writeFileSync(path.join(root, '.github/images', file), svg);
    texts[place] = `![${title}](.github/images/${file})\n\n${texts[place]}`;
  }
  const readme = path.join(root, 'README.md');
  writeFileSync(readme, fillIn(readFileSync(readme, 'utf8'), texts));
}

function runsBefore(): Results['runs'] {
  if (!existsSync(resultsFile)) return {};
  return (JSON.parse(readFileSync(resultsFile, 'utf8')) as Results).runs;
}

function isWanted({ name }: Peer): boolean {
  return names === '' || name === 'opentalk' || names.split(',').some((wanted) => name.includes(wanted));
}

function namesOf(named: readonly { name: string }[]): string {
  return named.map(({ name }) => name).join(', ');
}

function readScale(name: string): Scale {
  if (name === 'small' || name === 'usual' || name === 'full') return name;
  throw new Error(`BENCH_SCALE is small, usual or full, not '${name}'.`);
}
