/** What a person of the demo makes of a message, and what they say to it. Pure: chance is a parameter. */
import type { Occasion, Voice } from './voices/voice.ts';

export type Random = () => number;

const longWords = 40;
const longCharacters = 200;

const signs: [Occasion, RegExp][] = [
  [
    'tunnel',
    /offline|tunnel|túnel|no (signal|network|reception)|airplane|\blift\b|elevator|funkloch|kein netz|aufzug|ascensor|cobertura|نفق|مصعد|شبكة|トンネル|圏外|電波|सुरंग|नेटवर्क|लिफ़्ट/iu,
  ],
  ['thanks', /\bthank|\bthx\b|danke|gracias|شكر|ありがと|धन्यवाद|शुक्रिया/iu],
  [
    'goodbye',
    /\bbye\b|good ?night|see you|tschüss|ciao|bis (bald|später|dann)|adiós|hasta|chao|سلامة|وداع|またね|さようなら|अलविदा|फिर मिल/iu,
  ],
  ['question', /[?？؟]/u],
  [
    'greeting',
    /^\P{L}*(hi|hey|hello|yo|good (morning|evening)|hallo|moin|servus|guten|hola|buen[ao]s|مرحب|أهل|اهل|السلام|صباح|مساء|こんにち|こんばん|おはよ|やあ|はじめまして|नमस्)/iu,
  ],
];

/** The occasion that a message makes. */
export function occasionOf(text: string): Occasion {
  const trimmed = text.trim();
  if (/^(?:\p{RGI_Emoji}|\s)+$/v.test(trimmed)) return 'emoji';
  if (countWords(trimmed) >= longWords || [...trimmed].length >= longCharacters) return 'long';
  return signs.find(([, sign]) => sign.test(trimmed))?.[0] ?? 'anything';
}

/** One of the lines, but not the one that was said last, with its places filled. */
export function pick(
  lines: string[],
  random: Random,
  last?: string,
  places: Record<string, string> = {},
): string {
  const filled = lines.map((line) =>
    line.replaceAll(/\{(\w+)\}/g, (place, name: string) => places[name] ?? place),
  );
  const others = filled.filter((line) => line !== last);
  const choice = others.length > 0 ? others : filled;
  return choice[Math.floor(random() * choice.length)]!;
}

export function answerTo(text: string, voice: Voice, nick: string, random: Random, last?: string): string {
  const places = { nick, words: String(countWords(text)) };
  return pick(voice.answers[occasionOf(text)], random, last, places);
}

/** How long somebody types this, in ms: hardly anybody is slower or faster on a phone. */
export function typingMs(text: string, random: Random): number {
  return Math.min(9_000, 600 + [...text].length * (40 + random() * 40));
}

/** Numbers that look random and are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}
