import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterTakeOver, type Wish } from '../../client/take-over.ts';

const table: [wasControlled: boolean, wish: Wish, isWriting: boolean, then: string][] = [
  [false, 'none', false, 'nothing'],
  [false, 'start', false, 'nothing'],
  [true, 'pressed', false, 'reload'],
  [true, 'pressed', true, 'reload'],
  [true, 'start', false, 'reload'],
  [true, 'start', true, 'offer'],
  [true, 'none', false, 'offer'],
  [true, 'none', true, 'offer'],
];

describe('when another version has taken over, a page', () => {
  for (const [wasControlled, wish, isWriting, then] of table) {
    const had = wasControlled ? 'that had an older one' : 'that had none';
    const why = { none: 'did not ask for it', start: 'asked at its start', pressed: 'asked by a press' }[
      wish
    ];
    const writing = isWriting ? 'and in which somebody writes' : 'and in which nobody writes';
    it(`${had}, ${why} ${writing}: ${then}`, () => {
      assert.equal(afterTakeOver({ wasControlled, wish, isWriting }), then);
    });
  }
});
