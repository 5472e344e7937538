/** What the routes are built from. main.ts makes the real ones; a test may swap clock and chance. */
import type { Request } from 'express';
import type { Logger } from 'pino';
import type { EventBus } from '../bus/event-bus.ts';
import type { Config } from '../config.ts';
import type { Turns } from '../inbox/turns.ts';
import type { Person } from '../protocol/requests.ts';
import type { Bans } from '../realtime/bans.ts';
import type { Discretion } from '../realtime/discretion.ts';
import type { Hub } from '../realtime/hub.ts';
import type { PresenceBoardFace } from '../realtime/presence.ts';
import type { Tally } from '../realtime/tally.ts';
import type { EventStore, StoredPerson } from '../store/event-store.ts';
import type { BucketFace, limits } from './rate-limit.ts';
import { Refused } from './problem.ts';
import type { RefusalLog } from './refusal-log.ts';
import type { Sessions } from './sessions.ts';

export interface Parts {
  config: Config;
  store: EventStore;
  bus: EventBus;
  hub: Hub;
  /** For reading what streams have missed. */
  turns: Turns;
  presence: PresenceBoardFace;
  discretion: Discretion;
  bans: Bans;
  sessions: Sessions;
  limits: Record<keyof typeof limits, BucketFace>;
  /** By person. */
  bodiesUnderWay: Tally;
  refusals: RefusalLog;
  logger: Logger;
  /** The server lets nobody new in, and will soon be gone. */
  isEnding: () => boolean;
  now: () => Date;
  /** In [0, 1). */
  random: () => number;
}

/** The person with what only presence knows. */
export function withPresence({ presence }: Pick<Parts, 'presence'>, person: StoredPerson): Person {
  return {
    ...person,
    online: presence.isOnline(person.id),
    lastSeen: presence.lastSeen(person.id) ?? person.lastSeen,
  };
}

/** The same, as far as a viewer may know. */
export function seenBy(
  parts: Pick<Parts, 'presence' | 'discretion'>,
  viewerId: string,
  person: StoredPerson,
): Person {
  if (!parts.discretion.hidesPresence(viewerId, person.id)) return withPresence(parts, person);
  return { ...person, online: false, lastSeen: null };
}

/** The same, as others see it who are not apart from them and show theirs. */
export function seenByOthers(parts: Pick<Parts, 'presence' | 'discretion'>, person: StoredPerson): Person {
  return parts.discretion.showsNone(person.id)
    ? { ...person, online: false, lastSeen: null }
    : withPresence(parts, person);
}

/** Takes `cost` from a bucket, or refuses with the time to wait. */
export function takeToken(parts: Parts, kind: keyof typeof limits, key: string, cost = 1): void {
  if (!parts.config.rateLimits) return;
  const waitSeconds = parts.limits[kind].take(key, cost, parts.now().getTime());
  if (waitSeconds > 0) throw new Refused('rate_limited', 'Too fast. Wait a little.', waitSeconds);
}

/** A whole number from the query between `lowest` and `highest`, or undefined if it is absent. */
export function queryNumber(
  request: Request,
  name: string,
  lowest: number,
  highest: number,
): number | undefined {
  const text = queryText(request, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text) || value < lowest) {
    throw new Refused('bad_json', `${name} is a whole number of at least ${lowest}.`);
  }
  return Math.min(value, highest);
}

/** A parameter of the query given once and not empty, or undefined. */
export function queryText(request: Request, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
