import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textProblem } from '../../server/protocol/text.ts';

describe('the text of a message', () => {
  it('has up to 4,000 code points, whatever they weigh', () => {
    assert.equal(textProblem('x'.repeat(4_000)), undefined);
    assert.equal(textProblem('👍'.repeat(4_000)), undefined);
    assert.equal(textProblem('x'.repeat(4_001)), 'text_too_long');
    assert.equal(textProblem('👍'.repeat(4_001)), 'text_too_long');
  });

  it('is not empty', () => {
    for (const text of ['', '  ', '\n\t']) assert.equal(textProblem(text), 'text_empty');
  });

  it('may have newlines and tabs, and no other control and no half character', () => {
    assert.equal(textProblem('two\nlines\tand a tab'), undefined);
    for (const text of ['a\0b', 'a\rb', 'a\u001bb', 'a\u0085b', '\ud83d', 'a\udc4d']) {
      assert.equal(textProblem(text), 'text_invalid', JSON.stringify(text));
    }
  });
});
