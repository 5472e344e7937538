/**
 * What a nick may be. When two nicks are the same is nick-skeleton.ts.
 * A nick is a label that points at a person; everything else hangs on the person's id.
 */

const maxCodePoints = 32;
/** UTF-16 units beyond which nothing can become a nick, since NFKC makes one character of four at most. A novel is not read. */
export const maxNickUnits = 4 * 2 * maxCodePoints;
const allowed = /^[\p{L}\p{M}\p{Nd}_.-]+$/u;
const letterOrDigit = /[\p{L}\p{Nd}]/u;
/** Bidi controls, zero-width and other default-ignorable characters: seen by nobody, so good only for deceit. */
const invisible = /\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}/u;

export type NickReading =
  | { ok: true; nick: string }
  | { ok: false; why: 'empty' | 'too-long' | 'characters' };

/** The nick as it will be stored (NFKC, trimmed), or why it can't be one. */
export function readNick(typed: string): NickReading {
  if (typed.length > maxNickUnits) return { ok: false, why: 'too-long' };
  const nick = typed.normalize('NFKC').trim();
  if (nick === '') return { ok: false, why: 'empty' };
  if (invisible.test(nick) || !allowed.test(nick) || !letterOrDigit.test(nick)) {
    return { ok: false, why: 'characters' };
  }
  if ([...nick].length > maxCodePoints) return { ok: false, why: 'too-long' };
  return { ok: true, nick };
}
