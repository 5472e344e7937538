/**
 * When two nicks are the same. Only the server decides that, so the page does not load this.
 */

import { maxNickUnits } from './nick.ts';

/** In the skeleton of no nick. */
const noNick = ' ';

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

/**
 * Capitals that are drawn like a Latin one where their small letters are not, or like another: Ν is an N, and ν a v. So this
 * cannot be a part of the skeleton: N would be V.
 */
const capitals = new Map(
  [
    'ΒB ΗH ΜM ΝN ΥY ΖZ ϹC ϺM ẞß', // Greek, and the one that German has beside SS
    'ԌG ՍU ՏS ԼL', // Cyrillic, Armenian
    'ᎪA ᏴB ᏟC ᎠD ᎬE ᏀG ᎻH ᎫJ ᏦK ᏞL ᎷM ᏢP ᏒR ᏚS ᎢT ᏙV ᎳW ᏃZ', // Cherokee
  ]
    .flatMap((script) => script.split(' '))
    .map((pair) => [...pair] as [string, string]),
);

/** The skeleton of what a nick looks like in the capitals that it was typed in. Two with the same are the same nick, too. */
export function drawnSkeleton(nick: string): string {
  if (nick.length > maxNickUnits) return noNick;
  return nickSkeleton([...nick.normalize('NFKC')].map((letter) => capitals.get(letter) ?? letter).join(''));
}

/** Two nicks with the same skeleton are the same nick: neither case nor look-alike letters make another person. */
export function nickSkeleton(nick: string): string {
  if (nick.length > maxNickUnits) return noNick;
  // Up and down again, so that letters which meet only in one case (ß and SS, ς and Σ) meet.
  const folded = nick.normalize('NFKC').toUpperCase().toLowerCase();
  const latin = [...folded].map((letter) => lookAlikes.get(letter) ?? letter).join('');
  return latin.replaceAll('i', 'l').replaceAll('rn', 'm').normalize('NFC');
}
