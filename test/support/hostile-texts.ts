/** What strangers write: texts that want to be a page, a frame of the stream, a name of the language, or no text at all. */
import { array, constantFrom, integer, oneof, sample, string } from 'fast-check';
import { textProblem } from '../../server/protocol/text.ts';

/** After the cheat sheets: each way in which a text could become a program in a page. */
export const pageLike = [
  '<script>window.pwn=1</script>',
  '</script><script>window.pwn=1</script>',
  '<img src=x onerror=window.pwn=1>',
  '<svg onload=window.pwn=1>',
  '<svg><script>window.pwn=1</script></svg>',
  '<svg><animate onbegin=window.pwn=1 attributeName=x dur=1s>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=window.pwn=1>',
  '<iframe srcdoc="<script>parent.pwn=1</script>"></iframe>',
  '<iframe src="javascript:parent.pwn=1"></iframe>',
  '<object data="javascript:window.pwn=1">',
  '<embed src="data:text/html,<script>window.pwn=1</script>">',
  '<a href="javascript:window.pwn=1">x</a>',
  '<a href="jav&#x09;ascript:window.pwn=1">x</a>',
  '<form action="javascript:window.pwn=1"><button>x</button></form>',
  '<button formaction="javascript:window.pwn=1">x</button>',
  '<input autofocus onfocus=window.pwn=1>',
  '<details open ontoggle=window.pwn=1>',
  '<video><source onerror=window.pwn=1></video>',
  '<body onload=window.pwn=1>',
  '<base href="https://elsewhere.example/">',
  '<meta http-equiv="refresh" content="0;url=javascript:window.pwn=1">',
  '<link rel=stylesheet href="https://elsewhere.example/x.css">',
  '<style>*{background:url(https://elsewhere.example/)}</style>',
  '<template shadowrootmode=open><script>window.pwn=1</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=window.pwn=1>">',
  '<!--><img src=x onerror=window.pwn=1>-->',
  '<![CDATA[<img src=x onerror=window.pwn=1>]]>',
  '<?lit$123$?><!--?lit$123$-->',
  '{{constructor.constructor("window.pwn=1")()}}',
  '${window.pwn=1}',
  '" onmouseover="window.pwn=1',
  "' onmouseover='window.pwn=1",
  '`-window.pwn=1-`',
  '&lt;script&gt;window.pwn=1&lt;/script&gt;',
  '\\u003cscript\\u003ewindow.pwn=1\\u003c/script\\u003e',
  '%3Cscript%3Ewindow.pwn=1%3C/script%3E',
  '+ADw-script+AD4-window.pwn=1+ADw-/script+AD4-',
  'javascript:window.pwn=1',
  'JaVaScRiPt:window.pwn=1',
  'java\nscript:window.pwn=1',
  'vbscript:window.pwn=1',
  'data:text/html;base64,PHNjcmlwdD53aW5kb3cucHduPTE8L3NjcmlwdD4=',
  'https://ok.example/"onclick=window.pwn=1 x="',
  'https://user:password@elsewhere.example:443@ok.example/',
] as const;

/** What the framing of the stream is made of. */
export const frameLike = [
  'id: 1.999.000000000000\nevent: reset\ndata: {"reason":"epoch"}\n\n',
  '\n\nevent: inbox\ndata: {}\n\n',
  '\r\n\r\nevent: ack\r\ndata: {}\r\n\r\n',
  'data:',
  'data: x',
  ': a comment',
  'retry: 1',
  'retry: 99999999',
  'id',
  '\u2028data: x\u2029',
  '\u0085data: x',
  '\ufeffdata: x',
  '\v\f',
  '\\n\\nevent: reset',
] as const;

/** Names that mean something to the language. */
export const languageLike = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'valueOf',
  'toString',
  'toJSON',
  '__defineGetter__',
  'then',
  'length',
  'null',
  'undefined',
  'NaN',
  '[object Object]',
  '{"__proto__":{"pwn":1}}',
  "'; DROP TABLE person; --",
  '" OR ""="',
  '%00',
  '../../etc/passwd',
] as const;

/** What is hard to store, to count or to show: directions, what cannot be seen, what stacks, halves, and edges. */
export const scriptLike = [
  '\u202eright to left\u202c',
  '\u202d\u202e\u2066\u2067\u2068\u2069',
  '\u200e\u200f\u061c',
  '\u200b\u200c\u200d\u2060',
  '\u00ad\u034f\u115f\u3164\uffa0',
  'e\u0301',
  '\u00e9',
  'Z\u0351\u036b\u0343\u032e',
  '\u0e49'.repeat(200),
  'a' + '\u0301'.repeat(3_900),
  '\u1112\u1161\u11ab',
  '\ufdfa',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}',
  '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  '\u{1f1e9}\u{1f1ea}\u{1f1ef}',
  '\u{10ffff}',
  '\u{1fffe}\ufffe\uffff',
  '\ufffd',
  '\ud800',
  '\udc00',
  'a\udfffb',
  '\ude00\ud83d',
  '\0',
  'nul\0in the middle',
  '\u0001\u0008\u001b[31m\u007f\u0080\u009f',
  '\t\n',
  ' \u00a0\u2003\u3000',
  '\u2028',
  '\u2029',
  'ﷺ',
  '𝕬𝖓𝖓',
  'ıİſK',
  'مرحبا \u200fhello\u200e שלום',
] as const;

export const hostileTexts: readonly string[] = [...pageLike, ...frameLike, ...languageLike, ...scriptLike];

const hostile = constantFrom(...hostileTexts);
const piece = oneof(
  hostile,
  string({ unit: 'binary', maxLength: 40 }),
  string({ unit: 'grapheme', maxLength: 40 }),
  // Any UTF-16 units, halves of characters among them.
  array(integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
  constantFrom('\n', '\r', '\r\n', '\t', '\0', ' ', ':', '"', '\\', '<', '\u2028', '\u202e', '\u200d'),
);
/** Those, pieces of them, and any characters and halves of characters, in any mixture. */
export const anyText = oneof(
  hostile,
  array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('')),
);

/** So many different texts that the server takes, those above first. */
export function textsToSend(count: number, seed: number): string[] {
  // Of those that are made, many are refused, and more are there already.
  return [...new Set(hostileTexts.concat(sample(anyText, { numRuns: 4 * count, seed })))]
    .filter((text) => textProblem(text) === undefined)
    .slice(0, count);
}
