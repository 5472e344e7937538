/**
 * A long press on an element, its context menu by mouse, and the menu key: three ways to ask what can be done with it.
 * Android reports a long press as a context menu; an iPhone has no such event, so the time is taken here.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

const pressMs = 450;
/** A finger is never quite still. */
const tolerancePx = 10;

export class LongPress implements ReactiveController {
  readonly #act: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #start = { x: 0, y: 0 };
  #isDone = false;

  constructor(host: ReactiveControllerHost & HTMLElement, act: () => void) {
    this.#act = act;
    host.addController(this);
    host.addEventListener('pointerdown', (event) => this.#down(event));
    host.addEventListener('pointermove', ({ x, y }) => {
      if (Math.hypot(x - this.#start.x, y - this.#start.y) > tolerancePx) this.#cancel();
    });
    for (const end of ['pointerup', 'pointercancel']) host.addEventListener(end, () => this.#cancel());
    host.addEventListener('contextmenu', (event) => this.#menu(event));
    // The finger that is lifted now must not press what has appeared under it.
    host.addEventListener('touchend', (event) => {
      if (this.#isDone && event.cancelable) event.preventDefault();
      this.#isDone = false;
    });
  }

  hostDisconnected(): void {
    this.#cancel();
  }

  #down({ pointerType, isPrimary, x, y }: PointerEvent): void {
    this.#cancel();
    this.#isDone = false;
    this.#start = { x, y };
    if (pointerType !== 'touch' || !isPrimary) return;
    this.#timer = setTimeout(() => {
      this.#isDone = true;
      this.#act();
    }, pressMs);
  }

  #menu(event: Event): void {
    // Whoever has selected something wants to copy that.
    if (getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    this.#cancel();
    if (!this.#isDone) this.#act();
  }

  #cancel(): void {
    clearTimeout(this.#timer);
  }
}
