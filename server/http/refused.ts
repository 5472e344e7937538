/** Told of each request that is refused, for whoever counts; costs nothing while nobody does. */
import { channel } from 'node:diagnostics_channel';
import type { ProblemCode } from '../protocol/problem.ts';

export interface Refusal {
  code: ProblemCode;
}

export const refused = channel('opentalk.refused');
