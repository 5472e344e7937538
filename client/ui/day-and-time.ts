/** Times in words, in the language in use. */
import { fill, locale, madeOnce, words } from '../words/words.ts';

const dates = (format: Intl.DateTimeFormatOptions) => madeOnce((tag) => new Intl.DateTimeFormat(tag, format));
const time = dates({ hour: 'numeric', minute: '2-digit' });
const weekday = dates({ weekday: 'long' });
const date = dates({ day: 'numeric', month: 'long', year: 'numeric' });
const shortDate = dates({ day: '2-digit', month: '2-digit', year: '2-digit' });
const relative = madeOnce((tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));
const dayMs = 24 * 3600 * 1000;

/** While a start waits for the database there is time to make what the first messages need. */
export function prepareTimes(): void {
  time();
}

export function timeOf(iso: string): string {
  return time().format(new Date(iso));
}

/** Today, yesterday, a weekday of this week, or a date. */
export function dayOf(iso: string, now = new Date()): string {
  const days = daysBetween(new Date(iso), now);
  if (days < 2 && days >= 0) return capitalised(relative().format(-days, 'day'));
  return days >= 0 && days < 7 ? weekday().format(new Date(iso)) : date().format(new Date(iso));
}

/** A time today, otherwise the day before it. */
export function dayAndTime(iso: string, now = new Date()): string {
  const isToday = daysBetween(new Date(iso), now) === 0;
  return isToday ? timeOf(iso) : fill(words.time.dayAndTime, { day: dayOf(iso, now), time: timeOf(iso) });
}

/** For the list: a time today, otherwise a day. */
export function shortDayOrTime(iso: string, now = new Date()): string {
  const days = daysBetween(new Date(iso), now);
  if (days === 0) return timeOf(iso);
  return days > 0 && days < 7 ? dayOf(iso, now) : shortDate().format(new Date(iso));
}

/** `last seen 14:05`, `last seen yesterday`, `last seen 3 May 2026`. */
export function lastSeenText(iso: string, now = new Date()): string {
  const days = daysBetween(new Date(iso), now);
  if (days === 0) return fill(words.time.lastSeenAt, { time: timeOf(iso) });
  const day = days === 1 ? relative().format(-1, 'day') : dayOf(iso, now);
  return fill(words.time.lastSeenOn, { day });
}

function daysBetween(then: Date, now: Date): number {
  const midnight = (moment: Date) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
  return Math.round((midnight(now).getTime() - midnight(then).getTime()) / dayMs);
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
