/**
 * Which part of a thread is shown: the newest, more of it as the reader goes back, or what is around a message that is
 * looked for. It only counts; what is there is read by the thread.
 */
import type { Thread, ThreadWindow } from '../store/thread.ts';

/** What fills the screen of a phone is painted first, and the rest of the page right after it. */
const firstPaint = 15;
const pageSize = 50;
/** So many are added at a time: making more would hold up a finger on a slow phone. */
const step = 6;
/** Who goes far leaves behind what is at the other end: a long thread is read and laid out as fast as a short one. */
const mostShown = 100;
/** Read ones above the first that is new. */
const contextAtNew = 3;
/** On either side of a message that is looked for. */
const around = 15;

export class ThreadPart {
  #most = firstPaint;
  /** The last seq that is shown; undefined for all that there is. */
  #upTo: number | undefined;
  #opened: { lastSeq: number; newFrom: number | undefined } | undefined;
  /** How many came in since. */
  #added = 0;

  /** The first seq that was unread when the thread was opened, if any was. */
  get newFrom(): number | undefined {
    return this.#opened?.newFrom;
  }

  /** It came in since the thread was opened. */
  isNews(seq: number | undefined): boolean {
    return seq !== undefined && this.#opened !== undefined && seq > this.#opened.lastSeq;
  }

  /** It ends with the newest, and goes along with those that come. */
  get isNewest(): boolean {
    return this.#upTo === undefined;
  }

  of(conversation: Thread['conversation']): ThreadWindow {
    const { lastSeq = 0, unread = 0 } = conversation ?? {};
    this.#opened ??= this.#open(lastSeq, unread > 0 ? readToOf(conversation) + 1 : undefined);
    if (this.#upTo !== undefined) return { most: this.#most, upTo: this.#upTo };
    // What came in since is on top of it, so that nothing disappears above the reader.
    this.#added = Math.max(0, lastSeq - this.#opened.lastSeq);
    return { most: this.#most + this.#added };
  }

  #open(lastSeq: number, newFrom: number | undefined) {
    const isMuchNew = newFrom !== undefined && lastSeq - newFrom >= firstPaint;
    // It begins where the reader left off.
    if (isMuchNew && this.isNewest) this.#upTo = newFrom + firstPaint - contextAtNew;
    return { lastSeq, newFrom };
  }

  /** What was read of it: there may be no more after it than is shown. */
  wasRead({ isMoreBelow, conversation }: Thread): void {
    if (isMoreBelow || this.#upTo === undefined) return;
    this.#upTo = undefined;
    this.#opened = { newFrom: this.newFrom, lastSeq: conversation?.lastSeq ?? 0 };
  }

  /** Some more of the first page; false if it is whole. */
  fill({ older }: Thread): boolean {
    if (older !== 'here' || this.#most >= pageSize) return false;
    this.#most += step;
    return true;
  }

  addOlder({ conversation }: Thread): void {
    this.#most += step;
    const tooMany = this.#most + (this.isNewest ? this.#added : 0) - mostShown;
    if (tooMany <= 0) return;
    this.#upTo = (this.#upTo ?? conversation?.lastSeq ?? 0) - tooMany;
    this.#most = mostShown;
  }

  /** False if there is nothing to add, or what was added before is not shown yet. */
  addNewer({ isMoreBelow, messages }: Thread): boolean {
    if (!isMoreBelow || this.#upTo === undefined) return false;
    if ((messages.at(-1)?.seq ?? this.#upTo) < this.#upTo) return false;
    this.#upTo += step;
    this.#most = Math.min(mostShown, this.#most + step);
    return true;
  }

  /** What waits has no seq: it stands with the newest. */
  showAround(seq: number | undefined): void {
    this.#upTo = seq === undefined ? undefined : seq + around;
    this.#most = 2 * around;
  }

  showNewest(): void {
    this.#upTo = undefined;
    this.#most = firstPaint;
  }
}

/** Read up to here, as far as this device knows. It goes back with the server's data. */
export function readToOf(conversation: Thread['conversation']): number {
  return Math.max(conversation?.readHere ?? 0, conversation?.mine.read ?? 0);
}
