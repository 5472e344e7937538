/**
 * Everybody can read it: every pair of colours that stand on each other, in both themes. They are read from the tokens
 * themselves, so whoever changes one hears of it here.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { contrast, lightOfHex, lightOfOklch } from '../support/colour.ts';

const client = path.join(import.meta.dirname, '../../client');
const tokens = readFileSync(path.join(client, 'tokens.css'), 'utf8');
const avatar = readFileSync(path.join(client, 'ui/avatar.ts'), 'utf8');
const themes = ['light', 'dark'] as const;

/** What is read, on what it stands. WCAG 1.4.3: 4.5 at least. */
const texts = [
  ['text', ['bg', 'bg-chat', 'surface', 'out', 'hover', 'mark']],
  ['text-2', ['bg', 'bg-chat', 'surface', 'hover']],
  ['out-text-2', ['out']],
  ['accent', ['bg', 'bg-chat', 'surface', 'hover']],
  ['on-accent', ['accent']],
  ['warn-fg', ['warn-bg']],
  ['error', ['bg', 'bg-chat', 'surface']],
  // The toast is the other way round.
  ['bg', ['text']],
] as const;

/** What is seen: icons, borders of fields, the dot of who is online. WCAG 1.4.11: 3 at least. */
const pictures = [
  ['accent', ['out']],
  ['error', ['out']],
  ['text-2', ['line']],
  ['ok-dot', ['bg']],
] as const;

function tokenOf(name: string, theme: (typeof themes)[number]): string {
  const pair = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(tokens);
  assert.ok(pair, `--${name} is given for both themes, as #rrggbb`);
  return pair[theme === 'light' ? 1 : 2]!;
}

describe('the colours', () => {
  for (const theme of themes) {
    const ratio = (upper: string, lower: string) =>
      contrast(lightOfHex(tokenOf(upper, theme)), lightOfHex(tokenOf(lower, theme)));

    it(`let every text be read, ${theme}`, () => {
      assert.deepEqual(tooClose(texts, ratio, 4.5), []);
    });

    it(`let every icon be seen, ${theme}`, () => {
      assert.deepEqual(tooClose(pictures, ratio, 3), []);
    });
  }

  it('of all avatars carry their white initial', () => {
    const [, lightness, chroma] = /background: oklch\(([\d.]+) ([\d.]+) var\(--hue/.exec(avatar) ?? [];
    const [, hues] = /const hues = (\d+)/.exec(avatar) ?? [];
    assert.ok(lightness && chroma && hues, 'the colour of an avatar is an oklch with a hue of its own');
    const white = lightOfHex('#ffffff');
    const weak = Array.from({ length: Number(hues) }, (_, index) => (index * 360) / Number(hues))
      .map((hue) => ({ hue, ratio: contrast(white, lightOfOklch(Number(lightness), Number(chroma), hue)) }))
      .filter(({ ratio }) => ratio < 4.5);
    assert.deepEqual(weak, []);
  });

  it('are measured as the standard measures them', () => {
    const black = lightOfHex('#000000');
    assert.equal(contrast(black, lightOfHex('#ffffff')), 21);
    assert.equal(contrast(black, black), 1);
    assert.equal(contrast(lightOfHex('#767676'), lightOfHex('#ffffff')).toFixed(2), '4.54');
    assert.equal(contrast(lightOfOklch(1, 0, 0), lightOfHex('#ffffff')).toFixed(2), '1.00');
    assert.equal(contrast(lightOfOklch(0.628, 0.2577, 29.23), lightOfHex('#ff0000')).toFixed(1), '1.0');
  });
});

function tooClose(
  pairs: readonly (readonly [upper: string, lower: readonly string[]])[],
  ratio: (upper: string, lower: string) => number,
  least: number,
): string[] {
  return pairs
    .flatMap(([upper, grounds]) => grounds.map((lower) => ({ upper, lower, is: ratio(upper, lower) })))
    .filter(({ is }) => is < least)
    .map(({ upper, lower, is }) => `--${upper} on --${lower} is ${is.toFixed(2)}, not ${least}`);
}
