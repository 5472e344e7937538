/** What a bubble makes of a text: links that lead where they say, and pictures of nothing but emoji. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { TemplateResult } from 'lit';
import { beginning } from '../../client/ui/beginning.ts';
import { isEmojiOnly } from '../../client/ui/emoji-only.ts';
import { linkedText } from '../../client/ui/linked-text.ts';

/** The addresses that became links, each once as where it leads and once as what it says. */
function linksIn(text: string): string[] {
  return linkedText(text).flatMap((part) => (typeof part === 'string' ? [] : (part.values as string[])));
}

function plain(parts: (string | TemplateResult)[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.values[1])).join('');
}

test('an address becomes a link that says where it leads', () => {
  assert.deepEqual(linksIn('see https://example.org/a?b=c#d now'), [
    'https://example.org/a?b=c#d',
    'https://example.org/a?b=c#d',
  ]);
});

test('what ends the sentence does not belong to the address', () => {
  for (const [text, link] of [
    ['Here: http://example.org.', 'http://example.org'],
    ['(https://example.org/x)', 'https://example.org/x'],
    ['https://example.org/wiki/Train_(clothing), or', 'https://example.org/wiki/Train_(clothing)'],
    ['„https://example.org/ü“', 'https://example.org/ü'],
    ['https://example.org/?!', 'https://example.org/'],
  ] as const) {
    assert.equal(linksIn(text)[0], link, text);
  }
});

test('nothing but http and https becomes a link', () => {
  for (const text of [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'https://',
    'http:// x',
  ]) {
    assert.deepEqual(linksIn(text), [], text);
  }
});

test('an address with a name before its host stays a text, since it leads elsewhere than it seems', () => {
  for (const text of [
    'https://good.example@evil.example',
    'https://good.example@evil.example/login?a=b',
    'https://good.example:443@evil.example',
    'https://:good.example@evil.example',
    'https://good.example%2Flogin@evil.example',
    'http://a@b@evil.example',
  ]) {
    assert.deepEqual(linksIn(text), [], text);
    assert.equal(plain(linkedText(text)), text);
  }
  for (const link of [
    'https://good.example/@somebody',
    'https://good.example/?to=a@b',
    'https://good.example#@',
  ]) {
    assert.equal(linksIn(link)[0], link);
  }
});

test('no text is altered by looking for links in it, and no link leaves http', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.constantFrom('http://', 'https://', 'javascript:', ').', '(', ' ', '\n', '\u202e'),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      assert.equal(plain(linkedText(text)), text);
      for (const link of linksIn(text)) assert.match(new URL(link).protocol, /^https?:$/);
    }),
  );
});

test('a link ends before what would turn its letters', () => {
  for (const turn of ['\u202e', '\u2067', '\u200f']) {
    assert.deepEqual(linksIn(`https://elsewhere.example/${turn}moc.knab`)[0], 'https://elsewhere.example/');
  }
});

test('looking for links takes 5 ms at most for any 16 KiB', () => {
  const units = 16 * 1024;
  for (const part of [
    'a',
    'http',
    'http://',
    'https://a ',
    'https://a.b/(',
    'https://a/)',
    'https://[',
    'hhttps:/',
    '.,;',
    '\u202e',
  ]) {
    const text = `https://a${part.repeat(units)}`.slice(0, units);
    const tookMs = Math.min(...Array.from({ length: 5 }, () => timeOf(() => linkedText(text))));
    assert.ok(tookMs <= 5, `${tookMs} ms for ${JSON.stringify(part)}`);
  }
});

function timeOf(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

test('the beginning of a text is none of a character’s half', () => {
  assert.equal(beginning('ab👋', 3), 'ab');
  assert.equal(beginning('ab👋', 4), 'ab👋');
  assert.equal(beginning('ab', 4), 'ab');
});

test('a few emoji and nothing else are a picture', () => {
  for (const text of ['👋', '❤️', '👍🏽 🎉', '👨‍👩‍👧‍👦', '🇩🇪🇯🇵', '🏴󠁧󠁢󠁳󠁣󠁴󠁿']) assert.ok(isEmojiOnly(text), text);
  for (const text of ['', ' ', '1', '#', 'hi 👋', '👋👋👋👋', '😀!', '123'])
    assert.ok(!isEmojiOnly(text), text);
});
