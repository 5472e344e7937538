/** What is measured, on which servers, and what the figures are called. */
import type { Verdict } from '../load/arrivals.ts';
import type { Lab } from '../load/lab.ts';
import type { Peer } from '../peers/peers.ts';

export interface Outcome {
  figures: Record<string, number>;
  verdict: Verdict;
}

/** One column of a table. */
export interface Figure {
  key: string;
  title: string;
  digits: number;
  /** How it is set against OpenTalk's: more is better, or less. Unset: not at all. */
  better?: 'more' | 'less';
}

export interface Table {
  /** Of its markers. */
  name: string;
  title: string;
  figures: readonly Figure[];
}

export interface Scenario {
  name: string;
  tables: readonly Table[];
  isFor(peer: Peer): boolean;
  /** One run, in the process of the load. */
  measure(lab: Lab): Promise<Outcome>;
}

export const nothingSent: Verdict = { lost: 0, twice: 0, outOfOrder: 0 };
