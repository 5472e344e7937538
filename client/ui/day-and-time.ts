/** Times in words, in the language of the browser. */

/**
 * Made when it is needed: the first of them takes a slow phone a tenth of a second, in which a start waits for nothing
 * else.
 */
const time = once(() => new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' }));
const weekday = once(() => new Intl.DateTimeFormat(undefined, { weekday: 'long' }));
const date = once(
  () => new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' }),
);
const shortDate = once(
  () => new Intl.DateTimeFormat(undefined, { day: '2-digit', month: '2-digit', year: '2-digit' }),
);
const relative = once(() => new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }));
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
  return isToday ? timeOf(iso) : `${dayOf(iso, now)}, ${timeOf(iso)}`;
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
  if (days === 0) return `last seen ${timeOf(iso)}`;
  return `last seen ${days === 1 ? relative().format(-1, 'day') : dayOf(iso, now)}`;
}

function daysBetween(then: Date, now: Date): number {
  const midnight = (moment: Date) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
  return Math.round((midnight(now).getTime() - midnight(then).getTime()) / dayMs);
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
