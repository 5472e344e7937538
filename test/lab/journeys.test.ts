/** The journeys of the lab, without a network. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calm, describe as conditionOf, journeyNames, journeys, stretchOf } from './journeys.ts';

describe('a journey', () => {
  it('goes round and round, each stretch as long as it says', () => {
    for (const name of journeyNames) {
      for (const [index, { says, seconds }] of journeys[name].entries()) {
        const again = stretchOf(name, index + journeys[name].length, () => 0.5);
        assert.equal(again.says, says);
        assert.equal(again.lastsMs, (1_000 * (seconds[0] + seconds[1])) / 2);
      }
    }
  });

  it('leaves no dial where the stretch before had turned it', () => {
    assert.deepEqual(stretchOf('train', 2, () => 0).dials, { ...calm, tunnel: true });
  });
});

describe('the network in words', () => {
  it('says the worst of it, or all that slows it', () => {
    assert.deepEqual(conditionOf(calm), { says: 'Everything works', is: 'good' });
    assert.equal(conditionOf({ ...calm, tunnel: true, kbit: 50 }).says, 'No network at all');
    assert.equal(conditionOf({ ...calm, stalled: true }).is, 'off');
    const slow = conditionOf({ ...calm, kbit: 50, delayMs: 300 });
    assert.deepEqual(slow, { says: '50 kbit/s, 300 ms each way', is: 'weak' });
    assert.equal(conditionOf({ ...calm, cuts: true }).says, 'Cuts every few seconds');
  });
});
