import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lateText } from '../../client/ui/late.ts';
import '../support/english.ts';

const accepted = '2026-05-03T14:31:00.000Z';
const minutes = (count: number) => new Date(Date.parse(accepted) - count * 60_000).toISOString();

describe('a late message', () => {
  it('says how long before it was sent it had been written', () => {
    const said = [6, 59, 60, 89, 90, 119, 23 * 60, 24 * 60, 30 * 60, 40 * 60, 300 * 24 * 60];
    assert.deepEqual(
      said.map((count) => lateText(minutes(count), accepted)),
      [
        'written 6 min ago',
        'written 59 min ago',
        'written 1 h ago',
        'written 1 h ago',
        'written 2 h ago',
        'written 2 h ago',
        'written 23 h ago',
        'written a day ago',
        'written a day ago',
        'written 2 days ago',
        'written 300 days ago',
      ],
    );
  });

  it('is not what was on its way for a few minutes', () => {
    assert.equal(lateText(minutes(0), accepted), undefined);
    assert.equal(lateText(minutes(5), accepted), undefined);
  });

  it('is not what a wrong clock makes of it', () => {
    assert.equal(lateText(minutes(-10), accepted), undefined, 'written in the future');
    assert.equal(lateText(minutes(366 * 24 * 60), accepted), undefined, 'written years ago');
    assert.equal(lateText('1970-01-01T00:00:00Z', accepted), undefined, 'a clock that was never set');
    assert.equal(lateText('yesterday', accepted), undefined, 'no time at all');
  });
});
