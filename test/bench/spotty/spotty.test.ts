/** The parts of the benchmark of spotty networks that decide what its figures mean. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../lab/reply.ts';
import { directionOf, percentile } from './figures.ts';
import { profileNames, profileOf, sendingTimes } from './profile.ts';

describe('a profile', () => {
  for (const name of profileNames) {
    it(`of ${name} is the same for the same seed, goes forward in time, and ends in time`, () => {
      const profile = profileOf(name, 3);
      assert.deepEqual(profile, profileOf(name, 3));
      const times = profile.steps.map(({ atMs }) => atMs);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
      assert.ok(times.every((at) => at > 0 && at < profile.durationMs));
    });
  }

  it('differs with the seed', () => {
    assert.notDeepEqual(profileOf('train', 1), profileOf('train', 2));
  });

  it('never tells a browser that it is online that was not told otherwise', () => {
    const random = seededRandom(5);
    for (let n = 0; n < 50; n += 1) {
      const notices = profileOf('train', Math.floor(random() * 1e6)).steps.flatMap(
        (step) => step.notices ?? [],
      );
      assert.ok(notices.every((notice, at) => notice === (at % 2 === 0 ? 'offline' : 'online')));
    }
  });
});

describe('the times of sending', () => {
  it('are those of a person: about as often as wanted, and never faster than fingers', () => {
    const times = sendingTimes(1, 1_800);
    assert.deepEqual(times, sendingTimes(1, 1_800));
    assert.ok(times.length > 25 && times.length < 65, `${times.length} in 75 s`);
    assert.ok(times.every((at, n) => n === 0 || at - times[n - 1]! >= 300));
  });
});

describe('the figures of one direction', () => {
  const pressedAt = new Map([
    ['one', 1_000],
    ['two', 2_000],
    ['three', 3_000],
  ]);

  it('count what is missing, what stands twice, and what stands behind a later one', () => {
    const seenAt = new Map([
      ['three', 3_050],
      ['one', 3_100],
    ]);
    const shown = ['three', 'one', 'three', 'somebody else said this'];
    assert.deepEqual(directionOf(pressedAt, seenAt, shown), {
      sent: 3,
      delays: [2_100, 50],
      lost: 1,
      twice: 1,
      outOfOrder: 1,
    });
  });

  it('name percentiles that were really measured, and what never came is not left out', () => {
    const delays = Array.from({ length: 20 }, (_, n) => n + 1);
    const of = (lost: number) => [0.5, 0.95, 1].map((share) => percentile({ delays, lost }, share));
    assert.deepEqual(of(0), [10, 19, 20]);
    assert.deepEqual(of(1), [11, 20, Infinity]);
  });
});
