/**
 * Stories that once broke a promise, as model.test.ts found them: whatever comes after must keep them told well.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action } from './model/actions.ts';
import { play } from './model/play.ts';

/** Whatever follows from an action, before the next. */
const steps = 1_000_000;

const stories: Record<string, Action[]> = {
  'a full server asks for patience, and the clock of the device is then put back by hours': [
    { kind: 'fill-server', steps, full: true },
    { kind: 'send', steps: 60, browser: 3, tab: 0, to: 0 },
    { kind: 'clock-of-device', steps, browser: 3, ms: -8_302_641 },
  ],
  'a message that nobody has read yet comes back after the data of the server went back': [
    { kind: 'copy-server', steps },
    { kind: 'send', steps: 59, browser: 2, tab: 0, to: 0 },
    { kind: 'put-back-server', asNewLife: false, steps },
  ],
  'the data of the server goes back before the word that one has read': [
    { kind: 'send', steps, browser: 1, tab: 0, to: 2 },
    { kind: 'copy-server', steps: 56 },
    { kind: 'read', steps: 5, browser: 3, tab: 0, of: 0 },
    { kind: 'put-back-server', asNewLife: false, steps: 1 },
    { kind: 'pass', steps, ms: 218 },
    { kind: 'put-back-server', asNewLife: false, steps },
  ],
  'a connection is half open, a message gets out, and the clock is put back': [
    { kind: 'fill-server', steps, full: true },
    { kind: 'send', steps, browser: 2, tab: 1, to: 2 },
    { kind: 'forget-streams', steps: 25, browser: 3 },
    { kind: 'send', steps, browser: 3, tab: 1, to: 1 },
    { kind: 'clock-of-device', steps, browser: 3, ms: -8_302_641 },
  ],
};

describe('the promises are kept when', () => {
  for (const [name, story] of Object.entries(stories)) {
    it(name, async () => {
      for (let chance = 0; chance < 5; chance += 1) assert.deepEqual((await play(chance, story)).faults, []);
    });
  }
});
