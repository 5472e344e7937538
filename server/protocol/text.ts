/**
 * What the text of a message may be. Kept as typed: nothing here changes a text, it only says yes or why not.
 */

export const maxTextCodePoints = 4_000;

/** NUL and the C0/C1 controls but newline and tab; lone surrogates are found by isWellFormed. */
// oxlint-disable-next-line no-control-regex -- finding control characters is what this is for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

export type TextProblem = 'text_empty' | 'text_too_long' | 'text_invalid';

/** Why `text` can't be sent, or undefined when it can. */
export function textProblem(text: string): TextProblem | undefined {
  if (text.trim() === '') return 'text_empty';
  // A code point takes one or two UTF-16 units, so the exact count is needed only in between.
  if (text.length > 2 * maxTextCodePoints) return 'text_too_long';
  if (text.length > maxTextCodePoints && [...text].length > maxTextCodePoints) return 'text_too_long';
  if (controls.test(text) || !text.isWellFormed()) return 'text_invalid';
  return undefined;
}
