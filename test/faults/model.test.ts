/**
 * The promises, tried by chance: people write, read, edit and delete on several devices and tabs, while requests and
 * answers get lost, doubled and late, streams break at any byte, tabs and servers die between two of their tasks, disks
 * fill up, clocks jump, and data goes back to an older copy. When the faults end, everything must be as promised.
 * The code is the real one on both sides; only time, network and crashes are simulated.
 *
 * `npm test` plays 500 stories. MODEL_RUNS and MODEL_SEED for more, and others; MODEL_PATH (with its seed) for one story again.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { search, storyLength, summary, tell } from './model/search.ts';

const runs = Number(process.env['MODEL_RUNS'] || 100);
const seed = Number(process.env['MODEL_SEED'] || 20_261_124);
const path = process.env['MODEL_PATH'];

describe('whatever happens on the way', () => {
  it(`loses nothing, takes nothing twice and keeps the order, in ${runs} stories of ${storyLength} actions`, async (t) => {
    const findings = await search({ seed, runs, ...(path ? { path } : {}) });
    assert.ok(!findings.failure, findings.failure && tell(findings.failure));
    t.diagnostic(summary(findings));
  });
});
