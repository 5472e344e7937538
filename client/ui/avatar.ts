/** <ot-avatar nick online>: the first letter of a nick on a colour of its own, and a dot for who is online. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';

const hues = 12;
const segmenter = new Intl.Segmenter();

@customElement('ot-avatar')
export class Avatar extends LitElement {
  @property() nick = '';
  @property({ type: Boolean }) online = false;

  static override styles = css`
    :host {
      position: relative;
      display: inline-block;
      flex: none;
      inline-size: var(--avatar-size, 48px);
      block-size: var(--avatar-size, 48px);
    }
    .disc {
      inline-size: 100%;
      block-size: 100%;
      border-radius: 50%;
      display: grid;
      place-items: center;
      color: #fff;
      font-weight: 600;
      font-size: calc(var(--avatar-size, 48px) * 0.42);
      background: oklch(0.5 0.11 var(--hue, 0));
    }
    .dot {
      position: absolute;
      inset-block-end: 0;
      inset-inline-end: 0;
      box-sizing: border-box;
      inline-size: 16px;
      block-size: 16px;
      border-radius: 50%;
      border: 2px solid var(--bg);
      background: var(--ok-dot);
    }
  `;

  override updated(): void {
    const sum = [...this.nick].reduce((hash, letter) => (hash * 31 + letter.codePointAt(0)!) >>> 0, 7);
    // Through the object model: a style attribute would be stopped by the Content Security Policy.
    this.style.setProperty('--hue', String((sum % hues) * (360 / hues)));
  }

  override render() {
    const letters = segmenter.segment(this.nick)[Symbol.iterator]();
    const initial = letters.next().value?.segment.toLocaleUpperCase() ?? '';
    return html`<span class="disc" aria-hidden="true">${initial}</span>${
        this.online ? html`<span class="dot"></span>` : nothing
      }`;
  }
}
