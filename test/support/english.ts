/** For unit tests that read what the app says: it says it in English. */
import english from '../../client/words/en.json' with { type: 'json' };
import { useWords } from '../../client/words/words.ts';

useWords(english, 'en');
