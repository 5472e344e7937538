/** How a thread falls into days and groups: a pure function of its messages. */
import type { ThreadMessage } from '../store/thread.ts';

/** Messages of one person that are closer than this belong together. */
const groupMs = 5 * 60_000;

export interface ThreadDay {
  /** ISO 8601 of the first message; names the day. */
  at: string;
  entries: ThreadEntry[];
}

export interface ThreadEntry {
  message: ThreadMessage;
  /** First of its group. */
  isFirst: boolean;
  /** The first that was unread when the thread was opened. */
  isFirstNew: boolean;
}

/** `newFrom` is the first seq that was unread, undefined if all was read. */
export function threadDays(
  messages: readonly ThreadMessage[],
  myId: string,
  newFrom: number | undefined,
): ThreadDay[] {
  const days: ThreadDay[] = [];
  const firstNew = messages.find(
    ({ seq, fromId }) => newFrom !== undefined && fromId !== myId && seq !== undefined && seq >= newFrom,
  );
  let before: ThreadMessage | undefined;
  for (const message of messages) {
    const at = shownAt(message);
    const isNewDay = !before || dayName(shownAt(before)) !== dayName(at);
    if (isNewDay) days.push({ at, entries: [] });
    const isFirstNew = message === firstNew;
    const isFirst =
      isNewDay ||
      isFirstNew ||
      before!.fromId !== message.fromId ||
      Date.parse(at) - Date.parse(shownAt(before!)) > groupMs;
    days.at(-1)!.entries.push({ message, isFirst, isFirstNew });
    before = message;
  }
  return days;
}

/** The server's time if there is one: order and days never depend on a device's clock. */
function shownAt({ acceptedAt, composedAt }: ThreadMessage): string {
  return acceptedAt ?? composedAt;
}

function dayName(iso: string): string {
  return new Date(iso).toDateString();
}
