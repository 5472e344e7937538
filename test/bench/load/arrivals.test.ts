import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Arrivals } from './arrivals.ts';
import { numberOf, senderOf, uuidOf } from './names.ts';

const [receiver, sender] = [1, 2];

describe('the checker of the benchmark', () => {
  it('has nothing to say when each came once and in order', async () => {
    const arrivals = new Arrivals();
    arrivals.expect(receiver, 2);
    for (const number of [1, 2]) arrivals.arrived(receiver, uuidOf(sender, number));
    await arrivals.complete(0);
    assert.deepEqual(arrivals.verdict(), { lost: 0, twice: 0, outOfOrder: 0 });
  });

  it('sees what is lost at one, also when another got it', () => {
    const arrivals = new Arrivals();
    arrivals.expect(receiver, 2);
    arrivals.expect(sender, 1);
    arrivals.arrived(receiver, uuidOf(sender, 2));
    arrivals.arrived(sender, uuidOf(sender, 1));
    assert.deepEqual(arrivals.verdict(), { lost: 1, twice: 0, outOfOrder: 0 });
  });

  it('does not let one that came twice stand for another that is lost', () => {
    const arrivals = new Arrivals();
    arrivals.expect(receiver, 2);
    for (const number of [1, 1]) arrivals.arrived(receiver, uuidOf(sender, number));
    assert.deepEqual(arrivals.verdict(), { lost: 1, twice: 1, outOfOrder: 0 });
  });

  it('sees that an earlier one came after a later one of the same sender, and minds no other sender', () => {
    const arrivals = new Arrivals();
    arrivals.expect(receiver, 3);
    for (const id of [uuidOf(sender, 2), uuidOf(9, 1), uuidOf(sender, 1)]) arrivals.arrived(receiver, id);
    assert.deepEqual(arrivals.verdict(), { lost: 0, twice: 0, outOfOrder: 1 });
  });

  it('waits until the last one is there', async () => {
    const arrivals = new Arrivals();
    arrivals.expect(receiver);
    const complete = arrivals.complete(60_000);
    arrivals.arrived(receiver, uuidOf(sender, 1));
    await complete;
  });

  it('reads sender and number back from an id', () => {
    const id = uuidOf(9_999, 1_000_000_001);
    assert.deepEqual([senderOf(id), numberOf(id)], [9_999, 1_000_000_001]);
  });
});
