/** Whether a text is nothing but a few emoji: those are shown large, as the picture that they are. */

const most = 3;
/** A flag or a family is one emoji and many code points. */
const mostLength = 48;
const onlyEmoji =
  /^(?=.*[\p{Extended_Pictographic}\p{Regional_Indicator}])(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u{e0020}-\u{e007f}]|\u200d|\ufe0f|\s)+$/u;

export function isEmojiOnly(text: string): boolean {
  if (text.length > mostLength || !onlyEmoji.test(text)) return false;
  return [...new Intl.Segmenter().segment(text.replaceAll(/\s/g, ''))].length <= most;
}
