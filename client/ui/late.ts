/**
 * What is said of a message that was written long before it could be sent. Two clocks are compared, the sender's and the
 * server's: what makes no sense is not said.
 */
import { plural, words } from '../words/words.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** On its way for as long as that is quite usual. */
const lateMs = 5 * minuteMs;
/** Nobody waits that long: the sender's clock is wrong. */
const absurdMs = 365 * dayMs;

/** `written 2 h ago`, as seen from the moment of sending; undefined for what was sent when it was written. */
export function lateText(composedAt: string, acceptedAt: string): string | undefined {
  const waitedMs = Date.parse(acceptedAt) - Date.parse(composedAt);
  if (!(waitedMs > lateMs && waitedMs < absurdMs)) return undefined;
  const minutes = Math.round(waitedMs / minuteMs);
  if (minutes < 60) return plural(words.late.minutes, minutes);
  const hours = Math.round(waitedMs / hourMs);
  if (hours < 24) return plural(words.late.hours, hours);
  return plural(words.late.days, Math.round(waitedMs / dayMs));
}
