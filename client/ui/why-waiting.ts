/** Why something waits, and until when, in calm words. Pure functions. */
import type { Refusal } from '../../server/protocol/problem.ts';
import { maxTextCodePoints } from '../../server/protocol/text.ts';
import type { FlushState } from '../store/database.ts';
import { fill, plural, words } from '../words/words.ts';

export function refusalText(refusal: Refusal | undefined): string {
  const { refused, refusals } = words.waiting;
  if (!refusal) return refused;
  const sentence = (refusals as Partial<Record<Refusal['code'], string>>)[refusal.code];
  return sentence === undefined ? refusal.detail || refused : fill(sentence, { n: maxTextCodePoints });
}

/** Why nothing goes out; undefined while it does. */
export function troubleText({ why }: FlushState): string | undefined {
  return why === null ? undefined : words.waiting.troubles[why];
}

/** `next try in 24 s`, or what has to happen first. */
export function nextTryText({ why, nextTryAt, holdUntil }: FlushState, now: number): string {
  if (why === 'signed-out' || why === 'other-person') return words.waiting.onceSignedIn;
  const leftMs = Math.max(nextTryAt, holdUntil) - now;
  if (leftMs <= 0) return why === null ? words.waiting.beingSent : words.waiting.trying;
  const seconds = Math.ceil(leftMs / 1_000);
  return seconds < 100
    ? plural(words.waiting.nextTrySeconds, seconds)
    : plural(words.waiting.nextTryMinutes, Math.round(seconds / 60));
}

/** `2 messages wait`, `2 messages wait, 1 was not sent`. */
export function queueText(queued: number, failed: number): string {
  const { wait, notSent, waitAndNotSent, andNotSent } = words.waiting;
  if (failed === 0) return plural(wait, queued);
  if (queued === 0) return plural(notSent, failed);
  return fill(waitAndNotSent, { waiting: plural(wait, queued), notSent: plural(andNotSent, failed) });
}
