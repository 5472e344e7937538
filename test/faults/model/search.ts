/**
 * Looks for a story that breaks a promise, in several threads. What it finds is made as short as it can be, and is told
 * with the words that play it again: the same seed and path make the same story, and the world has no other chance.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Action } from './actions.ts';

export interface Assignment {
  seed: number;
  runs: number;
  /** Of one run out of many, to play just that. */
  path?: string;
}

export interface Failure {
  seed: number;
  path: string;
  faults: string[];
  story: Action[];
}

export interface Findings {
  runs: number;
  actions: number;
  composed: number;
  accepted: number;
  /** From the last fault until nothing waited any more, in ms, the shortest first. */
  convergedMs: number[];
  failure?: Failure | undefined;
}

export const storyLength = 80;

/** `runs` in all, with seeds that follow from `seed`. */
export async function search({ seed, runs, path }: Assignment): Promise<Findings> {
  const workers = path === undefined ? Math.min(4, Math.max(2, availableParallelism())) : 1;
  const share = Math.ceil(runs / workers);
  const found = await Promise.all(
    Array.from({ length: workers }, (_, n) =>
      work({ seed: seed + n, runs: share, ...(path === undefined ? {} : { path }) }),
    ),
  );
  const sum = (pick: (one: Findings) => number) => found.reduce((total, one) => total + pick(one), 0);
  return {
    runs: sum((one) => one.runs),
    actions: sum((one) => one.actions),
    composed: sum((one) => one.composed),
    accepted: sum((one) => one.accepted),
    convergedMs: found.flatMap((one) => one.convergedMs).toSorted((a, b) => a - b),
    failure: found.find((one) => one.failure)?.failure,
  };
}

/** In a thread of its own: the runner of the tests watches every promise, which makes them slow. */
function work(assignment: Assignment): Promise<Findings> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: assignment });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('A thread ended without a word.')));
  });
}

/** For people. */
export function tell({ seed, path, faults, story }: Failure): string {
  return [
    'A story that breaks a promise:',
    ...story.map((one) => `  ${JSON.stringify(one)}`),
    ...faults.map((fault) => `- ${fault}`),
    'To play it again:',
    `  MODEL_SEED=${seed} MODEL_PATH=${path} node --test test/faults/model.test.ts`,
  ].join('\n');
}

export function summary({ runs, actions, composed, accepted, convergedMs }: Findings): string {
  const at = (part: number) => convergedMs[Math.floor((convergedMs.length - 1) * part)] ?? 0;
  return (
    `${runs} runs, ${actions} actions, ${composed} messages composed, ${accepted} accepted; ` +
    `at rest after the last fault: p50 ${at(0.5) / 1_000} s, p95 ${at(0.95) / 1_000} s, longest ${at(1) / 1_000} s`
  );
}
