/** Nicks that nobody gets, because others would take their bearer for who runs this place. */
import { drawnSkeleton, nickSkeleton } from '../protocol/nick-skeleton.ts';

const words = `
  admin administrator operator owner root sysadmin superuser staff team moderator mod official
  opentalk system server service support help helpdesk info security abuse postmaster webmaster hostmaster
  bot notification notifications noreply everyone everybody nobody`;

const reserved = new Set(words.trim().split(/\s+/).map(nickSkeleton));

/** In any case, in look-alike letters, and with signs before, behind or in it: `Adm1n`, `_OpenTalk_`, `sup.port`. */
export function isReservedNick(nick: string): boolean {
  const bare = nick.replaceAll(/[._-]/g, '');
  return reserved.has(nickSkeleton(bare)) || reserved.has(drawnSkeleton(bare));
}
