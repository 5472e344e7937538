/**
 * Whether an object in a JSON text has a name twice. Readers differ on which of the two counts (RFC 8259, section 4), so
 * what one part of a house checks, another may read otherwise; JSON.parse takes the last and says nothing.
 *
 * It runs over a text that JSON.parse has taken, so it looks only for what matters: it jumps from quote to quote, and every
 * text is passed over by one search.
 */
export function hasRepeatedName(json: string): boolean {
  /** Of each object that is open, its names so far; undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at += 1) {
    switch (json.charCodeAt(at)) {
      case openObject:
        open.push(new Set());
        break;
      case openList:
        open.push(undefined);
        break;
      case closeObject:
      case closeList:
        open.pop();
        break;
      case quote: {
        const end = endOfString(json, at);
        const names = open.at(-1);
        if (names !== undefined && isName(json, end)) {
          const name = nameFrom(json.slice(at, end));
          if (names.has(name)) return true;
          names.add(name);
        }
        at = end - 1;
      }
    }
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const [openObject, closeObject, openList, closeList] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Behind the closing quote of the string that opens at `start`. */
function endOfString(json: string, start: number): number {
  for (let end = start + 1; ; end += 1) {
    end = json.indexOf('"', end);
    let escapes = 0;
    while (json.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end + 1;
  }
}

function isName(json: string, end: number): boolean {
  let at = end;
  while (isSpace(json.charCodeAt(at))) at += 1;
  return json.charCodeAt(at) === colon;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** `"\u0061"` is the name a. */
function nameFrom(literal: string): string {
  return literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
}
