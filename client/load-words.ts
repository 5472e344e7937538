/**
 * The words of the app, in the language that words/first-words.ts chose. Nothing is shown without them, so they are asked
 * for until they are here.
 */
import { nextDelayMs, streamBackoff } from '../server/protocol/backoff.ts';
import { networkBack } from './network-back.ts';
import { localeFor } from './words/languages.ts';
import { useWords } from './words/words.ts';

export async function loadWords(): Promise<void> {
  const { language, asked, ask } = globalThis.firstWords;
  let pack = await asked;
  for (let attempt = 0; !pack; attempt += 1) {
    await networkBack(nextDelayMs(attempt, Math.random(), streamBackoff));
    pack = await ask();
  }
  useWords(pack, localeFor(language, navigator.languages));
}
