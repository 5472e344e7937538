/**
 * <ot-storage-notice trouble>: what is wrong with the storage of this device, in words, and what to do about it.
 * It decides nothing (store/trouble.ts does). Dispatches `reload` or `try-now`.
 */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Trouble } from '../store/trouble.ts';
import { sharedStyles } from './shared-styles.ts';

interface Notice {
  text: string;
  wish?: 'reload' | 'try-now';
}

const notices: Record<Trouble, Notice> = {
  updated: {
    text: 'OpenTalk was updated in another tab. This one no longer receives or keeps anything.',
    wish: 'reload',
  },
  'too-new': {
    text: 'This page is older than the messages on this device, which are all kept. Get the newest OpenTalk.',
    wish: 'reload',
  },
  blocked: {
    text: 'OpenTalk is waiting for another tab that has an older version open. Close the other tabs of OpenTalk.',
  },
  full: {
    text: 'This device is full: new messages cannot be kept here, and wait on the server. Free some space.',
    wish: 'try-now',
  },
  broken: {
    text: 'The storage of this device does not answer just now. What it has is not lost.',
    wish: 'reload',
  },
  memory: {
    text: 'Nothing is saved on this device, perhaps because this is a private window. Messages come and go while you are online, and are gone from here when you close the page.',
  },
  cleared: {
    text: 'The copy of your messages on this device was cleared. It is loaded again from the server…',
  },
};

@customElement('ot-storage-notice')
export class StorageNotice extends LitElement {
  @property() trouble: Trouble | undefined;

  static override styles = [
    sharedStyles,
    css`
      div {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-2);
        padding: var(--space-1) var(--space-4);
        min-block-size: var(--target);
        background: var(--warn-bg);
        color: var(--warn-fg);
        font-size: var(--type-note);
      }
      .text-button {
        flex: none;
        margin-inline-end: -8px;
        padding-inline: var(--space-2);
        color: inherit;
        text-decoration: underline;
      }
    `,
  ];

  override render() {
    const { trouble } = this;
    if (!trouble) return nothing;
    const { text, wish } = notices[trouble];
    // What is urgent interrupts; role=status is the connection's.
    const isUrgent = trouble !== 'cleared' && trouble !== 'memory';
    return html`<div role=${isUrgent ? 'alert' : nothing} aria-live=${isUrgent ? nothing : 'polite'}>
      <span>${text}</span>
      ${
        wish
          ? html`<button class="text-button" @click=${() => this.#ask(wish)}>
              ${wish === 'reload' ? 'Reload' : 'Try again'}
            </button>`
          : nothing
      }
    </div>`;
  }

  #ask(wish: string): void {
    this.dispatchEvent(new CustomEvent(wish, { bubbles: true, composed: true }));
  }
}
