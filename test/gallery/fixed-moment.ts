/**
 * The moment at which the gallery stands still, so that a picture of it is the same on every day and in every time zone.
 * Import it before everything else. Timers go on; only what asks for the time is always told the same.
 */

/** A Thursday, in the time zone of whoever looks. */
const standing = new Date(2026, 4, 14, 14, 9).getTime();

globalThis.Date = class extends Date {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [standing] : given) as [number]));
  }

  static override now(): number {
    return standing;
  }
} as DateConstructor;

/** `14:02` today, or `2026-05-13 14:02`, as ISO 8601. */
export function at(time: string): string {
  return new Date(time.length > 5 ? time : `2026-05-14 ${time}`).toISOString();
}
