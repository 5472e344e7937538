/** The list of mutants keeps up with the code; what becomes of them is seen by `npm run mutants`, which takes its time. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { mutants } from './mutants/list.ts';

const root = path.join(import.meta.dirname, '..');

describe('the mutants', () => {
  it('are at least fifteen, and each promise has some', () => {
    assert.ok(mutants.length >= 15);
    assert.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length);
    const promises = ['durable', 'once', 'in order', 'gap-free', 'never dropped', 'bounded'];
    assert.deepEqual(
      promises.filter((promise) => mutants.every((mutant) => mutant.promise !== promise)),
      [],
    );
  });

  for (const { name, file, from, to, by } of mutants) {
    it(`has a place for: ${name}`, () => {
      const parts = readFileSync(path.join(root, file), 'utf8').split(from);
      assert.equal(parts.length, 2, `\`${from}\` stands ${parts.length - 1} times in ${file}`);
      assert.notEqual(from, to);
      for (const test of by) assert.ok(existsSync(path.join(root, test)), test);
    });
  }
});
