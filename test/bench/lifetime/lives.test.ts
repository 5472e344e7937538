/** What streams cost, told from the notes of a meter. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cutsOf, livesOf } from './lives.ts';
import type { Exchange } from './stream-meter.ts';

const stream = (startedAt: number, rest: Partial<Exchange> = {}): Exchange => ({
  path: '/api/events?after=1&stream=a',
  startedAt,
  upBytes: 500,
  downBytes: 10_000,
  ...rest,
});
const other = (path: string, startedAt: number): Exchange => ({
  path,
  startedAt,
  upBytes: 300,
  downBytes: 700,
  endedAt: startedAt + 10,
  end: 'whole',
});

function read(exchanges: Exchange[], forgotten: number[] = []) {
  const lives = livesOf(exchanges, forgotten, 90_000);
  return { lives, cuts: cutsOf(exchanges, lives) };
}

describe('the lives of streams', () => {
  it('count a cut from the end of one stream until the next has caught up, with what was asked besides', () => {
    const { cuts, lives } = read([
      stream(0, { caughtUp: { at: 20, bytes: 900 }, endedAt: 10_000, end: 'cut' }),
      other('/api/messages', 10_100),
      stream(10_500, { caughtUp: { at: 10_530, bytes: 1_100 } }),
      other('/api/people', 10_540),
      other('/api/people', 20_000),
    ]);
    assert.deepEqual(
      lives.map(({ end }) => end),
      ['cut', 'lasts'],
    );
    assert.deepEqual(cuts, [{ end: 'cut', ms: 530, bytes: 2_100, tries: 1 }]);
  });

  it('count a stream that never worked as a try, not as a life that was cut', () => {
    const { cuts } = read([
      stream(0, { caughtUp: { at: 20, bytes: 900 }, endedAt: 10_000, end: 'whole' }),
      stream(10_100, { endedAt: 15_000, end: 'left', upBytes: 500, downBytes: 0 }),
      stream(16_000, { caughtUp: { at: 16_020, bytes: 1_000 } }),
    ]);
    assert.deepEqual(cuts, [{ end: 'planned', ms: 6_020, bytes: 1_500, tries: 2 }]);
  });

  it('end when they are forgotten, not when the page notices', () => {
    const { cuts, lives } = read(
      [
        stream(0, { caughtUp: { at: 20, bytes: 900 }, endedAt: 9_000, end: 'left' }),
        stream(9_010, { caughtUp: { at: 9_030, bytes: 900 } }),
      ],
      [5_000],
    );
    assert.deepEqual([lives[0]?.end, lives[0]?.endedAt], ['forgotten', 5_000]);
    assert.equal(cuts[0]?.ms, 4_030);
  });

  it('cost nothing as long as they last', () => {
    assert.deepEqual(read([stream(0, { caughtUp: { at: 20, bytes: 900 } })]).cuts, []);
  });
});
