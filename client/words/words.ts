/**
 * The words of the app in the language in use, and how sentences are made of them: values are put into whole sentences,
 * never joined to them, because every language has an order of its own.
 * It knows no language and loads nothing: main.ts gives it a pack before anything is shown.
 */
import type english from './en.json';

/** A sentence for each of the language's plural categories. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

type Pack<T> = T extends string
  ? string
  : T extends { other: string }
    ? PluralForms
    : { readonly [Key in keyof T]: Pack<T[Key]> };
export type Words = Pack<typeof english>;

type Values = Record<string, string | number>;

export let words: Words;
/** For dates and numbers, with the region if that is known: `de-AT`. */
export let locale: string;

/** From now on the words are those of `pack`, and dates and numbers as in `tag`. Once, before anything is shown. */
export function useWords(pack: Words, tag: string): void {
  words = pack;
  locale = tag;
}

/** `sentence` with the values in their places, numbers as the language writes them. */
export function fill(sentence: string, values: Values): string {
  return fillParts(sentence, values).join('');
}

/** The same in parts, for Lit: there a value may be a template. */
export function fillParts(sentence: string, values: Record<string, unknown>): unknown[] {
  return sentence.split(/\{(\w+)\}/).map((part, index) => {
    if (index % 2 === 0) return part;
    const value = values[part];
    return typeof value === 'number' ? numberText(value) : value;
  });
}

/** The sentence for `n`, with `n` and the other values in their places. */
export function plural(forms: PluralForms, n: number, values: Values = {}): string {
  return fill(formFor(forms, n), { n, ...values });
}

export function pluralParts(forms: PluralForms, n: number, values: Record<string, unknown> = {}): unknown[] {
  return fillParts(formFor(forms, n), { n, ...values });
}

/** For sentences that say the how-manieth it is. */
export function ordinal(forms: PluralForms, n: number): string {
  return fill(formFor(forms, n, 'ordinal'), { n });
}

function formFor(forms: PluralForms, n: number, type: Intl.PluralRuleType = 'cardinal'): string {
  return forms[rules[type]().select(n)] ?? forms.other;
}

export function numberText(n: number): string {
  return numbers().format(n);
}

/** Formatters take long to make: each is made when it is first wanted, for the language in use. */
export function madeOnce<T>(make: (tag: string) => T): () => T {
  let made: { tag: string; value: T } | undefined;
  return () => {
    if (made?.tag !== locale) made = { tag: locale, value: make(locale) };
    return made.value;
  };
}

const numbers = madeOnce((tag) => new Intl.NumberFormat(tag));
const rules: Record<Intl.PluralRuleType, () => Intl.PluralRules> = {
  cardinal: madeOnce((tag) => new Intl.PluralRules(tag)),
  ordinal: madeOnce((tag) => new Intl.PluralRules(tag, { type: 'ordinal' })),
};
