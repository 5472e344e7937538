import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextDelayMs, outboxBackoff } from '../../server/protocol/backoff.ts';

describe('backoff', () => {
  it('doubles its ceiling with each try, up to a minute', () => {
    const ceilings = [0, 1, 2, 5, 6, 40, 10_000].map((attempt) => nextDelayMs(attempt, 1, outboxBackoff));
    assert.deepEqual(ceilings, [1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('is spread over the whole range, so that phones do not come back in step', () => {
    assert.equal(nextDelayMs(5, 0, outboxBackoff), 0);
    assert.equal(nextDelayMs(5, 0.5, outboxBackoff), 16_000);
  });
});
