/**
 * The language that was chosen in the settings. It is of this device, and kept where words/first-words.ts can read it
 * before the first paint; it takes effect when the page is loaded.
 */

/** '' for the language of the device. */
export function chosenLanguage(): string {
  return localStorage.getItem('language') ?? '';
}

export function chooseLanguage(language: string): void {
  if (language === '') localStorage.removeItem('language');
  else localStorage.setItem('language', language);
}
