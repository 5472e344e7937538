/**
 * Which part of a thread is shown: the newest, more of it as the reader goes back, or what is around a message that is
 * looked for. It only counts; what is there is read by the thread.
 */
import type { Thread, ThreadWindow } from '../store/thread.ts';

const pageSize = 50;
/** What fills a tall screen is painted first, and the rest of the page right after it. */
const firstPaint = 20;
/** So many unread ones at most are shown at once; who was away for longer scrolls. */
const unreadAtMost = 300;
/** On either side of a message that is looked for. */
const around = 30;

export class ThreadPart {
  #most = firstPaint;
  /** The last seq that is shown; undefined for all that there is. */
  #upTo: number | undefined;
  #opened: { lastSeq: number; newFrom: number | undefined } | undefined;

  /** The first seq that was unread when the thread was opened, if any was. */
  get newFrom(): number | undefined {
    return this.#opened?.newFrom;
  }

  /** It ends with the newest, and goes along with those that come. */
  get isNewest(): boolean {
    return this.#upTo === undefined;
  }

  of(conversation: Thread['conversation']): ThreadWindow {
    const { lastSeq = 0, unread = 0 } = conversation ?? {};
    if (!this.#opened) {
      this.#opened = { lastSeq, newFrom: unread > 0 ? readToOf(conversation) + 1 : undefined };
      this.#most += Math.min(unread, unreadAtMost);
    }
    if (this.#upTo !== undefined) return { most: this.#most, upTo: this.#upTo };
    // What came in since is on top of it, so that nothing disappears above the reader.
    return { most: this.#most + Math.max(0, lastSeq - this.#opened.lastSeq) };
  }

  /** What was read of it: there may be no more after it than is shown. */
  wasRead({ isMoreBelow }: Thread): void {
    if (!isMoreBelow) this.#upTo = undefined;
  }

  /** The rest of the first page. */
  fill(): void {
    this.#most += pageSize - firstPaint;
  }

  addOlder(): void {
    this.#most += pageSize;
  }

  /** False if there is nothing to add, or what was added before is not shown yet. */
  addNewer({ isMoreBelow, messages }: Thread): boolean {
    if (!isMoreBelow || this.#upTo === undefined) return false;
    if ((messages.at(-1)?.seq ?? this.#upTo) < this.#upTo) return false;
    this.#upTo += pageSize;
    this.#most += pageSize;
    return true;
  }

  /** What waits has no seq: it stands with the newest. */
  showAround(seq: number | undefined): void {
    this.#upTo = seq === undefined ? undefined : seq + around;
    this.#most = 2 * around;
  }

  showNewest(): void {
    this.#upTo = undefined;
    this.#most = pageSize;
  }
}

/** Read up to here, as far as this device knows. It goes back with the server's data. */
export function readToOf(conversation: Thread['conversation']): number {
  return Math.max(conversation?.readHere ?? 0, conversation?.mine.read ?? 0);
}
