/** A server where nobody has blocked anybody, hides anything or is banned: for what is tested without a whole server. */
import type { Bans } from '../../server/realtime/bans.ts';
import { Discretion } from '../../server/realtime/discretion.ts';

export const nobodyApart = new Discretion({ apart: [], withoutPresence: [], withoutTyping: [] });

export const nobodyBanned = { isBanned: () => false } as unknown as Bans;
