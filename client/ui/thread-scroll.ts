/**
 * Keeps the reader's place in a thread. Whoever is at the end stays at the end; for everybody else, what is at the lower
 * edge stays there: when older messages come in above, newer ones below, a keyboard slides in or a bar appears on top.
 * One rule for all of these, applied whenever a size changed and before that is painted.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Nearer to the end than this, new messages are followed. */
const followPx = 120;
/** Room for the chip with the day. */
const chipPx = 40;

export class ThreadScroll implements ReactiveController {
  /** So far up that new messages are not followed. */
  isAway = false;
  /** What is shown does not end with the newest: there is no end to follow. */
  isPartial = false;
  /** Everything stands where it should, for the first time. */
  isPlaced = false;
  readonly #host: ReactiveControllerHost & { renderRoot: HTMLElement | DocumentFragment };
  readonly #onPlaced: () => void;
  #sizes: ResizeObserver | undefined;
  #scroller: HTMLElement | undefined;
  /** What is at the lower edge, and how far its upper side is from that edge. */
  #anchor: { element: Element; offset: number } | undefined;

  constructor(
    host: ReactiveControllerHost & { renderRoot: HTMLElement | DocumentFragment },
    onPlaced: () => void,
  ) {
    this.#host = host;
    this.#onPlaced = onPlaced;
    host.addController(this);
  }

  hostUpdated(): void {
    if (this.#sizes) return;
    this.#scroller = this.#host.renderRoot.querySelector<HTMLElement>('.scroller')!;
    this.#sizes = new ResizeObserver(() => this.#place());
    this.#sizes.observe(this.#scroller);
    this.#sizes.observe(this.#scroller.firstElementChild!);
  }

  hostDisconnected(): void {
    this.#sizes?.disconnect();
    this.#sizes = undefined;
  }

  /** To the end, and along with it. */
  follow(): void {
    this.isPartial = false;
    this.isAway = false;
    this.#place();
  }

  /** What is shown is other than before, though perhaps of the same size: the reader stays. */
  keep(): void {
    this.#place();
  }

  /** To a message, with what is around it, and not along with the end. */
  goTo(message: Element): void {
    this.isAway = true;
    this.isPlaced = true;
    message.scrollIntoView({ block: 'center' });
    this.look();
  }

  /** After a scroll: where is the reader now? */
  look(): void {
    const scroller = this.#scroller!;
    const edge = scroller.getBoundingClientRect().bottom;
    const belowPx = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    const isAway = this.isPartial || belowPx > followPx;
    const element = [...scroller.querySelectorAll('ot-message')].findLast(
      (message) => message.getBoundingClientRect().top < edge,
    );
    this.#anchor = element && { element, offset: edge - element.getBoundingClientRect().top };
    if (isAway === this.isAway) return;
    this.isAway = isAway;
    this.#host.requestUpdate();
  }

  #place(): void {
    const scroller = this.#scroller!;
    if (!this.isAway) scroller.scrollTop = scroller.scrollHeight;
    else if (this.#anchor?.element.isConnected) {
      const edge = scroller.getBoundingClientRect().bottom;
      const offset = edge - this.#anchor.element.getBoundingClientRect().top;
      scroller.scrollTop += this.#anchor.offset - offset;
    }
    if (!this.isPlaced && scroller.querySelector('ot-message')) {
      this.isPlaced = true;
      this.#toFirstNew(scroller);
    }
    this.look();
    this.#onPlaced();
  }

  /** More unread than fits on the screen: begin where one left off. */
  #toFirstNew(scroller: HTMLElement): void {
    const divider = scroller.querySelector('.new');
    if (!divider) return;
    const hiddenPx = scroller.getBoundingClientRect().top + chipPx - divider.getBoundingClientRect().top;
    if (hiddenPx > 0) scroller.scrollTop -= hiddenPx;
  }
}
