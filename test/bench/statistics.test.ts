import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as check, double, property } from 'fast-check';
import { exponent, median, percentile } from './statistics.ts';

describe('the statistics of the benchmark', () => {
  it('take the middle value, or the mean of the two in the middle', () => {
    assert.equal(median([5, 1, 3]), 3);
    assert.equal(median([4, 1, 3, 2]), 2.5);
  });

  it('take as a percentile a value that was measured, and the largest as the last', () => {
    const sorted = Array.from({ length: 1_000 }, (_, index) => index + 1);
    assert.equal(percentile(sorted, 0.5), 500);
    assert.equal(percentile(sorted, 0.99), 990);
    assert.equal(percentile(sorted, 0.999), 999);
    assert.equal(percentile([7], 0.5), 7);
    assert.equal(percentile([7, 9], 1), 9);
  });

  it('find the power by which a cost grows', () => {
    check(
      property(double({ min: -2, max: 2, noNaN: true }), (power) => {
        const points = [1_000, 10_000, 1_000_000].map((size) => ({ size, cost: 3 * size ** power }));
        assert.ok(Math.abs(exponent(points) - power) < 1e-6);
      }),
    );
  });
});
