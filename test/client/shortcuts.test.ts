/** Which keys ask for what, and that none is taken from whoever types. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortcutOf } from '../../client/ui/shortcuts.ts';

const none = { altKey: false, ctrlKey: false, metaKey: false, isComposing: false };
const pressed = (key: string, held: Partial<typeof none> = {}) => ({ ...none, key, ...held });

test('a question mark shows the shortcuts, a slash searches', () => {
  assert.equal(shortcutOf(pressed('?'), false, true), 'help');
  assert.equal(shortcutOf(pressed('/'), false, true), 'search');
});

test('in a field a character is a character', () => {
  for (const key of ['?', '/', 'k']) assert.equal(shortcutOf(pressed(key), true, true), undefined);
});

test('keys of one character can be turned off, the others stay', () => {
  for (const key of ['?', '/']) assert.equal(shortcutOf(pressed(key), false, false), undefined);
  assert.equal(shortcutOf(pressed('k', { ctrlKey: true }), false, false), 'search');
  assert.equal(shortcutOf(pressed('Escape'), false, false), 'back');
});

test('with Alt, the arrows lead to the next conversation and to the one before, also from the composer', () => {
  assert.equal(shortcutOf(pressed('ArrowDown', { altKey: true }), true, true), 'next');
  assert.equal(shortcutOf(pressed('ArrowUp', { altKey: true }), true, true), 'previous');
  assert.equal(shortcutOf(pressed('ArrowDown'), true, true), undefined);
});

test('the shortcuts of the browser, and the keys of a word that is being composed, are left alone', () => {
  for (const key of ['f', '/', '?', 'ArrowDown', 'r']) {
    assert.equal(shortcutOf(pressed(key, { ctrlKey: true }), false, true), undefined, key);
  }
  assert.equal(shortcutOf(pressed('Escape', { isComposing: true }), true, true), undefined);
});
