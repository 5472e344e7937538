/** Re-renders a component when the connection or the typing of others changes. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Chat } from '../sync/chat.ts';

export class ChatMoments implements ReactiveController {
  readonly #host: ReactiveControllerHost & { chat: Chat };
  readonly #update = () => this.#host.requestUpdate();
  #heard: EventTarget | undefined;

  constructor(host: ReactiveControllerHost & { chat: Chat }) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#heard = this.#host.chat.moments;
    this.#heard.addEventListener('change', this.#update);
  }

  hostDisconnected(): void {
    this.#heard?.removeEventListener('change', this.#update);
  }
}
