/** The languages of the app, and which of them a device gets: the chosen one, else the first that its person reads. */

/** Each under its own name. */
export const languages = {
  en: { name: 'English', direction: 'ltr' },
  de: { name: 'Deutsch', direction: 'ltr' },
  es: { name: 'Español', direction: 'ltr' },
  ar: { name: 'العربية', direction: 'rtl' },
  ja: { name: '日本語', direction: 'ltr' },
} as const;

export type Language = keyof typeof languages;

function isLanguage(name: string | null): name is Language {
  return name !== null && Object.hasOwn(languages, name);
}

/** `chosen` in the settings, if anything was; `wanted` by the browser, the best first. */
export function languageFor(chosen: string | null, wanted: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  return wanted.map(baseOf).find(isLanguage) ?? 'en';
}

/** The tag for dates and numbers: who reads British English wants British dates, whatever we have of it. */
export function localeFor(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => baseOf(tag) === language) ?? language;
}

function baseOf(tag: string): string {
  return tag.split('-')[0]!.toLowerCase();
}
