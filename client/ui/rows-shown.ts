/**
 * How many rows of a long list are made: those near the screen. When its end comes near, more are; a row that was made
 * stays, so that nothing moves and a screen reader, a search in the page, and Back find what was there.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** So far below the screen the end is near. */
const nearPx = 600;

export class RowsShown implements ReactiveController {
  atMost: number;
  readonly #step: number;
  readonly #onMore: () => void;
  #end: Element | undefined;
  #watch: IntersectionObserver | undefined;

  constructor(host: ReactiveControllerHost, first: number, step: number, onMore: () => void) {
    this.atMost = first;
    this.#step = step;
    this.#onMore = onMore;
    host.addController(this);
  }

  /** For `ref`, on an element behind the last row while there are more. */
  readonly end = (element: Element | undefined): void => {
    this.#end = element;
  };

  /** The first word of a watch says where the end is now, after whatever was just added. */
  hostUpdated(): void {
    this.#watch?.disconnect();
    if (!this.#end) return;
    this.#watch = new IntersectionObserver(
      // On a busy device several moments come at once: the last of them is now.
      (entries) => {
        if (!entries.at(-1)!.isIntersecting) return;
        this.#watch?.disconnect();
        this.atMost += this.#step;
        this.#onMore();
      },
      // Of the list itself: whatever clips it further out would clip a margin, too.
      { root: this.#end.parentElement, rootMargin: `${nearPx}px` },
    );
    this.#watch.observe(this.#end);
  }

  hostDisconnected(): void {
    this.#watch?.disconnect();
  }
}
