/** A count on a badge, where there is room for two digits. */
import { fill, numberText, words } from '../words/words.ts';

const most = 99;

export function countText(count: number): string {
  return count > most ? fill(words.people.most, { n: most }) : numberText(count);
}
