import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Run } from './results.ts';
import { fillIn, tableOf } from './table.ts';
import { barsOf, linesOf } from './plot.ts';

const figures = [{ key: 'cost', title: 'cost', digits: 1, better: 'less' as const }];
const run = (cost: number, lost = 0): Run => ({
  figures: { cost },
  verdict: { lost, twice: 0, outOfOrder: 0 },
});

describe('a table of the benchmark', () => {
  it('says medians, and how many times ours the others are', () => {
    const table = tableOf(figures, [
      { title: 'Ours', isDurable: true, runs: [run(9), run(2), run(1)] },
      { title: 'Other', isDurable: false, runs: [run(5), run(5), run(99)] },
    ]);
    assert.equal(table, '|  | cost |\n| --- | --- |\n| Ours † | 2.0 |\n| Other | 5.0 (2.5 x) |');
  });

  it('shows no figure of a server of which one run lost something, and says so', () => {
    const table = tableOf(figures, [{ title: 'Ours', isDurable: false, runs: [run(1), run(1, 3)] }]);
    assert.match(table, /\| Ours \*\*failed: 3 lost, 0 twice, 0 out of order\*\* \| – \|$/);
  });

  it('goes between its markers, and leaves everything else as it is', () => {
    const document = 'a <!-- bench:one -->old<!-- /bench --> b <!-- bench:two -->kept<!-- /bench --> c';
    const filled = fillIn(document, { one: 'new $1' });
    assert.equal(
      filled,
      'a <!-- bench:one -->\nnew $1\n<!-- /bench --> b <!-- bench:two -->kept<!-- /bench --> c',
    );
    assert.equal(fillIn(filled, { one: 'new $1' }), filled);
  });
});

describe('a picture of the benchmark', () => {
  it('draws a bar as long as its value is beside the longest', () => {
    const svg = barsOf('T', [
      { label: 'a<b', value: 100, text: '100', isOwn: true },
      { label: 'c', value: 50, text: '50', isOwn: false },
    ]);
    const [long, short] = [...svg.matchAll(/<rect [^>]*? width="([\d.]+)"/g)].map(([, length]) =>
      Number(length),
    );
    assert.equal(short! * 2, long);
    assert.match(svg, /a&lt;b/);
  });

  it('draws a flat cost as a level line', () => {
    const svg = linesOf('T', [
      { label: 'flat', points: [10, 100, 1_000].map((size) => ({ size, cost: 4 })) },
    ]);
    const places = /points="([^"]+)"/
      .exec(svg)![1]!
      .split(' ')
      .map((place) => place.split(',').map(Number));
    assert.equal(new Set(places.map(([, y]) => y)).size, 1);
    assert.equal(places[1]![0]! - places[0]![0]!, places[2]![0]! - places[1]![0]!);
  });
});
