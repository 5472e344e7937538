import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Turns } from '../../server/inbox/turns.ts';

it('lets so many act at once, and the others in the order in which they came, whether one fails or not', async () => {
  const turns = new Turns(2);
  const began: number[] = [];
  let underWay = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 9 }, (_, n) =>
      turns.take(async () => {
        began.push(n);
        underWay += 1;
        assert.ok(underWay <= 2);
        await new Promise(setImmediate);
        underWay -= 1;
        if (n === 3) throw new Error('this one fails');
        return n;
      }),
    ),
  );
  assert.deepEqual(began, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(
    results.map(({ status }) => status === 'fulfilled'),
    began.map((n) => n !== 3),
  );
});
