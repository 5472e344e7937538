import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { budgets, judge, type Weight } from '../../.config/budgets.ts';

const first = ['/index.html', '/assets/app.js'];
const inPage = '/index.html: its script';

/** A light app, with so many bytes sent for some of its files. */
function app(sizes: Record<string, number>): Weight[] {
  const light = {
    '/index.html': 2_000,
    '/assets/app.js': 9_000,
    '/assets/chat.js': 9_000,
    '/icon.png': 1,
    '/sw.mjs': 2_000,
  };
  return Object.entries({ ...light, ...sizes }).map(([file, sentBytes]) => ({
    file,
    rawBytes: 3 * sentBytes,
    sentBytes,
  }));
}
/** Without what the app owes today. */
const strict = budgets.map(({ debt: _debt, ...budget }) => budget);
const broken = (sizes: Record<string, number>) => judge(app(sizes), first, strict).broken;

describe('the budgets', () => {
  it('are kept by a light app', () => {
    assert.deepEqual(broken({}), []);
  });

  it('are broken by a heavy sign-in, and not by what comes after it', () => {
    assert.deepEqual(broken({ '/assets/app.js': 28_001 }), [
      'Over budget: a usable sign-in takes 30001 bytes, and must not take more than 30000.',
    ]);
    assert.deepEqual(broken({ '/assets/chat.js': 30_000 }), []);
  });

  it('count the script of the worker, and no pictures, as JavaScript', () => {
    assert.deepEqual(broken({ '/sw.mjs': 30_001, '/icon.png': 50_000 }), [
      'Over budget: all JavaScript takes 48001 bytes, and must not take more than 48000.',
    ]);
  });

  it('count the script in the page as JavaScript, and once only', () => {
    assert.deepEqual(broken({ [inPage]: 28_001 }), [
      'Over budget: all JavaScript takes 48001 bytes, and must not take more than 48000.',
    ]);
  });

  it('count all that a device keeps, which the worker itself is not', () => {
    assert.deepEqual(broken({ '/icon.png': 80_001, '/sw.mjs': 20_000 }), [
      'Over budget: everything precached takes 100001 bytes, and must not take more than 100000.',
    ]);
  });

  it('count the requests before a nick can be claimed', () => {
    const chunks = Object.fromEntries(['a', 'b', 'c'].map((name) => [`/assets/${name}.js`, 10]));
    assert.deepEqual(judge(app(chunks), [...first, ...Object.keys(chunks)]).broken, [
      'Over budget: a usable sign-in takes 5 requests, and must not take more than 4.',
    ]);
  });

  it('let a debt pass that does not grow, and say so each time', () => {
    const indebted = strict.map((budget) => ({ ...budget, debt: 1_000 }));
    const judged = (bytes: number) => {
      const { broken: over, owed } = judge(app({ '/assets/chat.js': bytes }), first, indebted);
      return [over.length, owed.length];
    };
    assert.deepEqual(judged(37_000), [0, 0]);
    assert.deepEqual(judged(38_000), [0, 1]);
    assert.deepEqual(judged(38_001), [1, 0]);
  });

  it('say how far it is to what is aimed at', () => {
    const { table } = judge(app({ '/assets/app.js': 18_500 }), first);
    assert.match(table, /a usable sign-in +30\.0 kB +20\.5 kB +18\.0 kB +2\.5 kB$/m);
    assert.match(table, /everything precached .*–$/m);
  });
});
