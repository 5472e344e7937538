/**
 * Runs in the head of index.html, into which the build puts it, before anything is painted: chooses the language, asks
 * for its words at once, and has the sign-in form say its own in it. main.ts goes on with what came.
 */
import { languageFor, languages, type Language } from './languages.ts';
import type { Words } from './words.ts';

/** What the build knows of a language: where its words are, and those of the form. */
export interface FirstPack {
  address: string;
  form: Record<keyof typeof places, string>;
}
declare const __PACKS__: Record<Language, FirstPack>;

const places = { heading: 'h1', hint: '.hint', label: 'label', button: 'button' };

export interface FirstWords {
  language: Language;
  /** Undefined when the network did not bring them. */
  asked: Promise<Words | undefined>;
  ask(): Promise<Words | undefined>;
  /** To be called once the form is there. */
  fillForm(): void;
}
declare global {
  var firstWords: FirstWords;
}

const root = document.documentElement;
const language = languageFor(localStorage.getItem('language'), navigator.languages);
const { address, form } = __PACKS__[language];
root.lang = language;
root.dir = languages[language].direction;
// Nobody sees the form in another language first, also where the page comes in pieces.
root.style.visibility = 'hidden';

async function ask(): Promise<Words | undefined> {
  try {
    const response = await fetch(address);
    // Under its hash there is what the build wrote, or nothing.
    return response.ok ? ((await response.json()) as Words) : undefined;
  } catch (error) {
    console.info('no words yet', error);
    return undefined;
  }
}

function fillForm(): void {
  for (const [name, place] of Object.entries(places)) {
    document.querySelector(`form ${place}`)!.textContent = form[name as keyof typeof places];
  }
  root.style.visibility = '';
}

globalThis.firstWords = { language, asked: ask(), ask, fillForm };
