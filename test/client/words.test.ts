/** The words of the app: every language has all of them, nothing is said past them, and who gets which language. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { languageFor, languages, localeFor } from '../../client/words/languages.ts';
import {
  fill,
  fillParts,
  numberText,
  ordinal,
  plural,
  useWords,
  type PluralForms,
  type Words,
} from '../../client/words/words.ts';
import { literalsOf } from '../support/literals.ts';

type Entry = string | PluralForms;
const root = path.join(import.meta.dirname, '../..');
const client = path.join(root, 'client');
const english = readPack('en');

function readPack(language: string): Map<string, Entry> {
  const pack: unknown = JSON.parse(readFileSync(path.join(client, `words/${language}.json`), 'utf8'));
  return new Map(entriesOf(pack as object, ''));
}

/** `connection.back` → its sentence, or its plural forms. */
function entriesOf(group: object, prefix: string): [string, Entry][] {
  return Object.entries(group).flatMap(([name, value]: [string, Entry | object]): [string, Entry][] => {
    const isEntry = typeof value === 'string' || 'other' in value;
    return isEntry ? [[prefix + name, value]] : entriesOf(value, `${prefix}${name}.`);
  });
}

function placeholdersOf(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))].toSorted();
}

for (const language of Object.keys(languages)) {
  describe(`The words in ${language}`, () => {
    const pack = readPack(language);

    it('are all there, and none besides', () => {
      assert.deepEqual([...pack.keys()], [...english.keys()]);
      for (const [name, entry] of pack) {
        for (const sentence of typeof entry === 'string' ? [entry] : Object.values(entry)) {
          assert.notEqual(sentence.trim(), '', name);
        }
      }
    });

    it('have a form for every plural category that the language has', () => {
      for (const [name, entry] of pack) {
        assert.equal(typeof entry, typeof english.get(name), name);
        if (typeof entry === 'string') continue;
        const { pluralCategories } = rulesFor(name, language).resolvedOptions();
        assert.deepEqual(Object.keys(entry).toSorted(), pluralCategories.toSorted(), name);
      }
    });

    it('have the placeholders of the English, and leave out a number only where the words say it', () => {
      for (const [name, entry] of pack) {
        const original = english.get(name)!;
        if (typeof entry === 'string') {
          assert.deepEqual(placeholdersOf(entry), placeholdersOf(original as string), name);
          continue;
        }
        const wanted = placeholdersOf((original as PluralForms).other);
        const rules = rulesFor(name, language);
        for (const [category, sentence] of Object.entries(entry)) {
          const numbers = Array.from({ length: 200 }, (_, n) => n).filter(
            (n) => rules.select(n) === category,
          );
          const saysItself = numbers.length === 1 && !placeholdersOf(sentence).includes('n');
          const expected = saysItself ? wanted.filter((each) => each !== 'n') : wanted;
          assert.deepEqual(placeholdersOf(sentence), expected, `${name}, ${category}`);
        }
      }
    });
  });
}

/** By their names: `…Ordinal` for the how-manieth. */
function rulesFor(name: string, language: string): Intl.PluralRules {
  return new Intl.PluralRules(language, { type: name.endsWith('Ordinal') ? 'ordinal' : 'cardinal' });
}

describe('A sentence', () => {
  after(() => useWords({} as Words, 'en'));

  it('takes its values in the order of its language, with numbers as that writes them', () => {
    useWords({} as Words, 'de');
    assert.equal(fill('{b} vor {a}', { a: 'Ann', b: 1_204 }), '1.204 vor Ann');
    useWords({} as Words, 'en');
    assert.equal(fill('{a} after {b}', { a: 'ann', b: 1_204 }), 'ann after 1,204');
  });

  it('can be had in parts, so that a value may be more than text', () => {
    const value = { any: 'thing' };
    assert.deepEqual(fillParts('to {nick}, now', { nick: value }), ['to ', value, ', now']);
  });

  it('does not look for placeholders in what is filled in', () => {
    assert.equal(fill('{a} {b}', { a: '{b}', b: 'x' }), '{b} x');
  });

  it('has the form of its number', () => {
    useWords({} as Words, 'ar');
    const forms = { zero: 'zero', one: 'one', two: 'two', few: 'few {n}', many: 'many', other: 'other' };
    const said = [0, 1, 2, 11, 100].map((n) => plural(forms, n));
    assert.deepEqual(said, ['zero', 'one', 'two', 'many', 'other']);
    assert.equal(plural(forms, 3), `few ${numberText(3)}`);
    useWords({} as Words, 'en');
    const ordinals = { one: '{n}st', two: '{n}nd', few: '{n}rd', other: '{n}th' };
    assert.deepEqual(
      [6, 11, 21, 22, 23].map((n) => ordinal(ordinals, n)),
      ['6th', '11th', '21st', '22nd', '23rd'],
    );
  });
});

describe('The language', () => {
  it('is the first of those that the browser asks for and we have', () => {
    assert.equal(languageFor(null, ['de-AT', 'en']), 'de');
    assert.equal(languageFor(null, ['fr-FR', 'JA', 'en']), 'ja');
    assert.equal(languageFor(null, ['den', 'es-419']), 'es');
  });

  it('is the one that was chosen, if we still have it', () => {
    assert.equal(languageFor('ar', ['de']), 'ar');
    assert.equal(languageFor('tlh', ['de']), 'de');
    assert.equal(languageFor('constructor', ['de']), 'de');
  });

  it('is English for everybody else', () => {
    assert.equal(languageFor(null, ['fr', 'nl']), 'en');
    assert.equal(languageFor(null, []), 'en');
  });

  it('writes dates and numbers as in the region that the browser names', () => {
    assert.equal(localeFor('en', ['fr', 'en-GB', 'en-US']), 'en-GB');
    assert.equal(localeFor('ja', ['en-GB']), 'ja');
  });
});

describe('The page', () => {
  /** A name, what is said to the browser, and what stands on keys. */
  const exceptions = new Set([
    ...[
      'OpenTalk',
      'AbortError',
      'Enter',
      'Escape',
      'ArrowDown',
      'ArrowUp',
      'more waits',
      'not all',
      'scroller settled',
    ],
    ...['Esc', 'Shift Enter', 'Ctrl K', 'Alt ↓', 'Alt ↑', 'text big', 'text stacked'],
  ]);

  it('says nothing by itself: what people read is in the words', async () => {
    for await (const file of glob('ui/*.ts', { cwd: client })) {
      const { texts, strings } = literalsOf(await readFile(path.join(client, file), 'utf8'));
      const said = [
        ...texts.filter((text) => /\p{L}/u.test(text)),
        ...strings.filter((text) => /^\p{Lu}\p{Ll}|\p{L} \p{L}|\p{L}…/u.test(text)),
      ].filter((text) => !exceptions.has(text));
      assert.deepEqual(said, [], file);
    }
  });

  it('has no word that it never says', async () => {
    let sources = '';
    for await (const file of glob(['client/**/*.ts', 'server/protocol/*.ts', '.config/words.ts'], {
      cwd: root,
    })) {
      sources += await readFile(path.join(root, file), 'utf8');
    }
    const said = new Set(sources.match(/[\w-]+/g));
    const silent = [...english.keys()].filter((name) => !said.has(name.split('.').at(-1)!));
    assert.deepEqual(silent, []);
  });
});
