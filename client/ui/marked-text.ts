/** A text with what was searched for marked in it. */
import { html, type TemplateResult } from 'lit';
import { rangesOf } from '../store/fold.ts';
import { beginning } from './beginning.ts';

/** Before the first hit in a line of results. */
const leadChars = 24;

/** The whole text, in parts that together are exactly it. */
export function markedText(text: string, terms: readonly string[]): (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let at = 0;
  for (const { start, end } of rangesOf(text, terms)) {
    if (start > at) parts.push(text.slice(at, start));
    parts.push(html`<mark>${text.slice(start, end)}</mark>`);
    at = end;
  }
  parts.push(text.slice(at));
  return parts;
}

/** A line of it that has the first hit in sight. */
export function snippet(text: string, terms: readonly string[], mostChars: number): string {
  const line = text.replaceAll(/\s+/g, ' ');
  const [first] = rangesOf(line, terms);
  const from = Math.max(0, (first?.start ?? 0) - leadChars);
  if (from === 0) return beginning(line, mostChars);
  // Not through the middle of a word, and never through the middle of a character.
  const space = line.indexOf(' ', from);
  const begin = space === -1 || space > first!.start ? first!.start : space + 1;
  return `…${beginning(line.slice(begin), mostChars)}`;
}
