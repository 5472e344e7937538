/**
 * What a source file says by itself: the text nodes and spoken attributes of its html templates, and its strings.
 * It knows comments, strings, regular expressions and templates, by their first characters; it is no parser beyond that.
 */

export interface Literals {
  /** Of html templates: texts, and attributes that are read aloud or shown. */
  texts: string[];
  strings: string[];
}

const spoken = /\b(?:aria-label|placeholder|title|alt)="([^"]*)"/g;
/** Stands for what is filled in. */
const gap = '\0';

export function literalsOf(code: string): Literals {
  const found: Literals = { texts: [], strings: [] };
  readCode(code, 0, found);
  return found;
}

/** Reads from `at` to the brace that closes what is filled in there, or to the end. Returns where that is. */
function readCode(code: string, at: number, found: Literals): number {
  let depth = 0;
  for (let i = at; i < code.length; i += 1) {
    const char = code[i]!;
    if (char === '{') depth += 1;
    else if (char === '}') {
      if (depth === 0) return i;
      depth -= 1;
    } else if (char === '`') i = readTemplate(code, i, found);
    else if (char === '"' || char === "'") {
      const end = endOf(code, i, char);
      found.strings.push(code.slice(i + 1, end));
      i = end;
    } else if (code.startsWith('//', i)) i = code.indexOf('\n', i);
    else if (code.startsWith('/*', i)) i = code.indexOf('*/', i) + 1;
    // Before a blank it is a division.
    else if (char === '/' && code[i + 1] !== ' ') i = endOf(code, i, '/');
  }
  return code.length;
}

function readTemplate(code: string, start: number, found: Literals): number {
  const isHtml = code.endsWith('html', start);
  const isOther = /\b(css|svg)$/.test(code.slice(0, start));
  let text = '';
  let i = start + 1;
  for (; code[i] !== '`'; i += 1) {
    if (code[i] === '\\') {
      text += code[i + 1];
      i += 1;
    } else if (code.startsWith('${', i)) {
      i = readCode(code, i + 2, found);
      text += gap;
    } else text += code[i];
  }
  if (isHtml) found.texts.push(...textsOf(text));
  else if (!isOther) found.strings.push(text);
  return i;
}

function textsOf(html: string): string[] {
  const attributes = [...html.matchAll(spoken)].map(([, value]) => value!);
  return [...attributes, ...html.split(/<[^>]*>|\0/)]
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function endOf(code: string, start: number, mark: string): number {
  let isInClass = false;
  for (let i = start + 1; i < code.length; i += 1) {
    if (code[i] === '\\') i += 1;
    else if (mark === '/' && code[i] === '[') isInClass = true;
    else if (mark === '/' && code[i] === ']') isInClass = false;
    else if (code[i] === mark && !isInClass) return i;
  }
  return code.length;
}
