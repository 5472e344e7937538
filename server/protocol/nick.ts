/**
 * What a nick may be, and when two nicks are the same.
 * A nick is a label that points at a person; everything else hangs on the person's id.
 */

const maxCodePoints = 32;
const allowed = /^[\p{L}\p{M}\p{Nd}_.-]+$/u;
const letterOrDigit = /[\p{L}\p{Nd}]/u;
/** Bidi controls, zero-width and other default-ignorable characters: seen by nobody, so good only for deceit. */
const invisible = /\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}/u;

export type NickReading =
  | { ok: true; nick: string }
  | { ok: false; why: 'empty' | 'too-long' | 'characters' };

/** The nick as it will be stored (NFKC, trimmed), or why it can't be one. */
export function readNick(typed: string): NickReading {
  const nick = typed.normalize('NFKC').trim();
  if (nick === '') return { ok: false, why: 'empty' };
  if (invisible.test(nick) || !allowed.test(nick) || !letterOrDigit.test(nick)) {
    return { ok: false, why: 'characters' };
  }
  if ([...nick].length > maxCodePoints) return { ok: false, why: 'too-long' };
  return { ok: true, nick };
}

/**
 * Letters of other scripts and digits that are drawn like a Latin letter.
 * A selection of Unicode's confusables (UTS #39, section 4): what a person could take for another's nick on a phone.
 * Kept as words of two letters, look-alike first.
 */
const lookAlikes = new Map(
  [
    'аa вb сc ԁd еe һh нh іi јj кk ӏl мm оo рp ԛq гr ѕs тt ѵv ԝw хx уy үy', // Cyrillic
    'αa βb εe ηn ιi κk νv οo ρp τt υu χx ωw γy', // Greek
    'օo սu հh ոn ցg զq', // Armenian
    'ıi ɑa ɡg ʀr 0o 1l 5s', // Latin letters and digits
  ]
    .flatMap((script) => script.split(' '))
    .map((pair) => [...pair] as [string, string]),
);

/** Two nicks with the same skeleton are the same nick: neither case nor look-alike letters make another person. */
export function nickSkeleton(nick: string): string {
  // Up and down again, so that letters which meet only in one case (ß and SS, ς and Σ) meet.
  const folded = nick.normalize('NFKC').toUpperCase().toLowerCase();
  const latin = [...folded].map((letter) => lookAlikes.get(letter) ?? letter).join('');
  return latin.replaceAll('i', 'l').replaceAll('rn', 'm').normalize('NFC');
}
