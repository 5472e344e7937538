/** What was measured, kept as JSON beside this file: every run, so that the spread can be seen and tables made anew. */
import { cpus, release, totalmem } from 'node:os';
import process from 'node:process';
import type { Verdict } from './load/arrivals.ts';

/** One run of one scenario on one server. */
export type Run = { figures: Record<string, number>; verdict: Verdict } | { failed: string };

export interface Results {
  /** ISO 8601. */
  at: string;
  machine: string;
  scale: string;
  versions: Record<string, string>;
  /** Title of a peer that was left out → how to get it. */
  leftOut: Record<string, string>;
  /** Scenario → peer → runs. */
  runs: Record<string, Record<string, Run[]>>;
}

export function describeMachine(): string {
  const cores = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} x ${cores[0]?.model.trim() ?? 'unknown'}, ${gigabytes} GB, ${process.platform} ${release()}`;
}

/** Of the runs that went well; empty if one did not, because a figure that is wrong once is none. */
export function valuesOf(runs: readonly Run[], key: string): number[] {
  if (runs.some((run) => complaintOf(run) !== undefined)) return [];
  return runs.flatMap((run) =>
    'figures' in run && Number.isFinite(run.figures[key]) ? [run.figures[key]!] : [],
  );
}

/** What is wrong with a run: undefined if every message arrived once and in order. */
export function complaintOf(run: Run): string | undefined {
  if ('failed' in run) return run.failed;
  const { lost, twice, outOfOrder } = run.verdict;
  if (lost + twice + outOfOrder === 0) return undefined;
  return `${lost} lost, ${twice} twice, ${outOfOrder} out of order`;
}
