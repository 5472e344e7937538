/**
 * A text with its addresses as links: http and https only, opened outside the app, which is told nothing of where they
 * were opened from. The text of a link is the address itself, so that nobody is led elsewhere than it says.
 */
import { html, type TemplateResult } from 'lit';

/** What turns the letters after it is not a part of one: it would say that it leads elsewhere. */
const address = /\bhttps?:\/\/[^\s<>"\p{Bidi_Control}]+/giu;
/** Ends the sentence around an address, not the address. */
const trailing = new Set('.,;:!?\'’"“”»…)]}*_~');

/** The whole text, in parts that together are exactly it. */
export function linkedText(text: string): (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    const link = withoutTrailing(found);
    const url = URL.parse(link);
    // With a name before an @ it looks like an address of one place, and leads to another: it stays a text.
    if (url === null || url.username !== '' || url.password !== '') continue;
    parts.push(
      text.slice(at, index),
      html`<a href=${link} target="_blank" rel="noopener noreferrer" dir="ltr">${link}</a>`,
    );
    at = index + link.length;
  }
  parts.push(text.slice(at));
  return parts;
}

function withoutTrailing(found: string): string {
  let length = found.length;
  while (trailing.has(found[length - 1]!)) length -= 1;
  // A bracket that was opened in the address is closed in it: https://en.wikipedia.org/wiki/Train_(clothing)
  const opened = found.split('(').length - found.split(')').length;
  return found.slice(0, opened >= 0 && found[length] === ')' ? length + 1 : length);
}
