/** What the people of the demo make of a message. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerTo, occasionOf, pick, seededRandom } from './reply.ts';
import { english } from './voices/english.ts';

describe('a reply', () => {
  it('hears a greeting, a question, thanks and a goodbye in every language of the demo', () => {
    const greetings = ['Hi!', 'Moin', '¡Hola!', 'مرحبا', 'こんにちは', 'नमस्ते'];
    assert.deepEqual(new Set(greetings.map(occasionOf)), new Set(['greeting']));
    const questions = [
      'Is it late?',
      'Kommst du mit?',
      '¿Dónde estás?',
      'أين أنت؟',
      '元気ですか？',
      'कैसे हो?',
    ];
    assert.deepEqual(new Set(questions.map(occasionOf)), new Set(['question']));
    const thanks = ['thanks a lot', 'Danke dir', 'muchas gracias', 'شكرا', 'ありがとう', 'धन्यवाद'];
    assert.deepEqual(new Set(thanks.map(occasionOf)), new Set(['thanks']));
    const goodbyes = ['ok, bye', 'Tschüss', 'hasta luego', 'مع السلامة', 'またね', 'अलविदा'];
    assert.deepEqual(new Set(goodbyes.map(occasionOf)), new Set(['goodbye']));
  });

  it('hears of bad networks before all else', () => {
    const words = ['hi, I was offline', 'ein Funkloch?', 'en el túnel', 'في النفق', 'トンネル', 'सुरंग में था'];
    assert.deepEqual(new Set(words.map(occasionOf)), new Set(['tunnel']));
  });

  it('tells emoji and long letters from the rest', () => {
    assert.equal(occasionOf(' 👨‍👩‍👧‍👦 🏳️‍🌈 '), 'emoji');
    assert.equal(occasionOf('12'), 'anything');
    assert.equal(occasionOf('word '.repeat(50)), 'long');
    assert.equal(occasionOf('字'.repeat(300)), 'long');
    assert.equal(occasionOf('Lifted, believe me'), 'anything');
  });

  it('names the writer, and is not the same twice in a row', () => {
    const random = seededRandom(3);
    let last = '';
    for (let count = 0; count < 50; count += 1) {
      const answer = answerTo('Hello', english, 'Ulla', random, last);
      assert.notEqual(answer, last);
      assert.doesNotMatch(answer, /[{}]/);
      last = answer;
    }
    assert.equal(pick(['only one'], random, 'only one'), 'only one');
  });

  it('is the same again for the same seed', () => {
    const talk = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => answerTo('so', english, 'Ulla', random));
    };
    assert.deepEqual(talk(1), talk(1));
    assert.notDeepEqual(talk(1), talk(2));
  });
});
