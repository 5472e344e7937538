/**
 * The journey of a message: from being written to being read, with the steps that are still ahead. A pure function.
 * It mixes two clocks, the device's and the server's, and says so where they contradict each other.
 */
import type { MessageDetails } from '../store/message-details.ts';
import type { ThreadMessage } from '../store/thread.ts';
import { ordinal, plural, words, type Words } from '../words/words.ts';

export interface Step {
  what: keyof Words['message']['steps'];
  isReached: boolean;
  /** ISO 8601; a step may be reached and nobody knows when. */
  at?: string;
  /** `at` is the latest that it can have been. */
  isLatest?: boolean;
  note?: string;
}

export function journeyOf({ message, deliveredAt, readAt }: MessageDetails, myId: string): Step[] {
  const { composedAt, acceptedAt, arrivedAt, seq, state } = message;
  const isOnServer = seq !== undefined;
  const written = step('written', true, composedAt);
  const onServer = step('onServer', isOnServer, acceptedAt);
  if (message.fromId !== myId) return [written, onServer, step('onThisDevice', true, iso(arrivedAt))];
  const own = [written, ...leaving(message), onServer];
  if (message.peerId === myId) return own;
  const isRead = state === 'read';
  const delivered = step('onTheirs', isRead || state === 'delivered', deliveredAt);
  // One receipt brought both: the one for the delivery was superseded by it.
  if (deliveredAt !== undefined && deliveredAt === readAt) delivered.isLatest = true;
  return [...own, delivered, step('read', isRead, readAt)];
}

/** Nothing is known of how it left another device of mine. */
function leaving({ tries = 1, leftAt, waiting }: ThreadMessage): Step[] {
  if (waiting) {
    const left = step('left', false);
    left.note = triesText(waiting.attempts);
    return [left];
  }
  if (leftAt === undefined) return [];
  const left = step('left', true, iso(leftAt));
  if (tries > 1) left.note = tryText(tries);
  return [left];
}

function tryText(tries: number): string {
  const { secondTry, thirdTry, fourthTry, fifthTry, tryOrdinal } = words.message;
  return [secondTry, thirdTry, fourthTry, fifthTry][tries - 2] ?? ordinal(tryOrdinal, tries);
}

/** Of what waits. */
export function triesText(attempts: number): string {
  if (attempts === 0) return words.waiting.notTried;
  return attempts === 2 ? words.waiting.triedTwice : plural(words.waiting.tried, attempts);
}

function step(what: Step['what'], isReached: boolean, at?: string): Step {
  return isReached && at !== undefined ? { what, isReached, at } : { what, isReached };
}

function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** More than clocks usually differ. */
const toleratedMs = 60_000;

/** Whether the sender's clock was ahead of the server's: the times before it was on the server are then not to be trusted. */
export function isClockWrong({ message }: MessageDetails): boolean {
  const { acceptedAt, composedAt, leftAt = 0 } = message;
  if (acceptedAt === undefined) return false;
  return Math.max(Date.parse(composedAt), leftAt) - Date.parse(acceptedAt) > toleratedMs;
}
