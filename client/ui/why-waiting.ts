/** Why something waits, and until when, in calm words. Pure functions. */
import type { Refusal } from '../../server/protocol/problem.ts';
import type { FlushState, FlushTrouble } from '../store/database.ts';

const troubles: Record<FlushTrouble, string> = {
  offline: 'No network',
  timeout: 'The network is too slow just now',
  server: 'The server has a problem',
  busy: 'The server is busy',
  'not-ours': 'This network wants a sign-in of its own (captive portal?)',
  'signed-out': 'Signed out',
  'other-person': 'Another person is signed in here',
};

const refusals: Partial<Record<Refusal['code'], string>> = {
  text_empty: 'There is nothing in it.',
  text_too_long: 'It is too long: at most 4,000 characters.',
  text_invalid: 'It has characters that cannot be sent.',
  unknown_person: 'Nobody has this nick any more.',
  person_changed: 'This nick belongs to another person now.',
  id_reused: 'Another message went out under its name. Edit it to send it anew.',
  too_large: 'It is too large.',
  storage_full: 'The server has no room. Try again later.',
  rate_limited: 'Too many messages at once. Try again in a moment.',
};

/** Of one message that the server did not take. */
export function refusalText(refusal: Refusal | undefined): string {
  return (refusal && (refusals[refusal.code] ?? refusal.detail)) || 'The server did not take it.';
}

/** Why nothing goes out; undefined while it does. */
export function troubleText({ why }: FlushState): string | undefined {
  return why === null ? undefined : troubles[why];
}

/** `next try in 24 s`, or what has to happen first. */
export function nextTryText({ why, nextTryAt, holdUntil }: FlushState, now: number): string {
  if (why === 'signed-out' || why === 'other-person') return 'sent once you pick your nick again';
  const leftMs = Math.max(nextTryAt, holdUntil) - now;
  if (leftMs <= 0) return why === null ? 'being sent…' : 'trying…';
  const seconds = Math.ceil(leftMs / 1_000);
  return `next try in ${seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}`;
}

/** `1 message`, `3 messages`. */
export function countText(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}

/** `2 messages wait`, `2 messages wait, 1 was not sent`. */
export function queueText(queued: number, failed: number): string {
  const wait = `${countText(queued)} ${queued === 1 ? 'waits' : 'wait'}`;
  if (failed === 0) return wait;
  const notSent = `${failed === 1 ? 'was' : 'were'} not sent`;
  return queued === 0 ? `${countText(failed)} ${notSent}` : `${wait}, ${failed} ${notSent}`;
}
