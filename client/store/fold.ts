/**
 * What two texts have in common for who searches: letters without case, accents, width and vowel points, in any language.
 * Folded texts are for comparing only, never for showing.
 */

/** Accents of Latin, Greek and Cyrillic; points of Hebrew; marks and stretching of Arabic. Elsewhere marks are letters. */
const marks =
  /[\u0300-\u036f]|[\u0591-\u05c7]|[\u0610-\u061a]|\u0640|[\u064b-\u065f]|\u0670|[\u06d6-\u06ed]/g;
const katakana = /[\u30a1-\u30f6]/g;
/** Between the two Japanese syllabaries. */
const toHiragana = 0x60;

const plain = /^[\0-\x7f]*$/;

export function fold(text: string): string {
  // Half of what people write, and nothing of the rest is in it.
  if (plain.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(marks, '')
    .toUpperCase() // first, so that ß and SS are the same
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replace(katakana, (letter) => String.fromCharCode(letter.charCodeAt(0) - toHiragana));
}

/** What is looked for: every word must be there, in any order. */
export function termsOf(words: string): string[] {
  return fold(words)
    .split(/\s+/)
    .filter((term) => term !== '');
}

export interface Range {
  start: number;
  end: number;
}

/** Where the terms stand in a text, in the order of the text; what overlaps is one. */
export function rangesOf(text: string, terms: readonly string[]): Range[] {
  // Letter by letter, so that each unit of the folded text knows from which letter it comes.
  let folded = '';
  const from: Range[] = [];
  let at = 0;
  for (const letter of text) {
    const range = { start: at, end: at + letter.length };
    const part = fold(letter);
    // A mark belongs to the letter before it.
    if (part === '' && from.length > 0) from.at(-1)!.end = range.end;
    for (let unit = 0; unit < part.length; unit += 1) from.push(range);
    folded += part;
    at = range.end;
  }
  const found: Range[] = [];
  for (const term of terms) {
    for (let place = folded.indexOf(term); place !== -1; place = folded.indexOf(term, place + 1)) {
      found.push({ start: from[place]!.start, end: from[place + term.length - 1]!.end });
    }
  }
  return merged(found.toSorted((a, b) => a.start - b.start));
}

function merged(ranges: readonly Range[]): Range[] {
  const all: Range[] = [];
  for (const range of ranges) {
    const last = all.at(-1);
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else all.push({ ...range });
  }
  return all;
}
