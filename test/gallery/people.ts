/** Who appears in the gallery, with nicks as people pick them: short, long, and in several scripts. */
import type { Person } from '../../server/protocol/requests.ts';
import { at } from './fixed-moment.ts';

export const me = person(1, 'Ann', { online: true });
export const jonas = person(2, 'Jonas', { online: true });
export const longNick = person(3, 'Maximiliane.von.und.zu.Hohenzoll', { lastSeen: at('12:40') });
export const amal = person(4, 'أمل', { online: true });
export const taro = person(5, '山田太郎');
export const zoe = person(6, 'Zoë', { lastSeen: at('2026-05-13 22:15') });
export const club = person(7, 'Книжный.клуб');
export const tomas = person(8, 'tomás_99', { online: true });
export const priya = person(9, 'Priya', { lastSeen: at('2026-04-02 08:00') });
export const henrik = person(10, 'Henrik', { online: true });
export const everybody = [jonas, longNick, amal, taro, zoe, club, tomas, priya, henrik];

function person(number: number, nick: string, more: Partial<Person> = {}): Person {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return { id, nick, online: false, lastSeen: null, ...more };
}
