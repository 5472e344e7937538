/** <ot-shortcuts>: the keyboard shortcuts, and the switch for those of one character. */
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { words } from '../words/words.ts';
import { Sheet } from './sheet.ts';
import { allowSingleKeys, hasSingleKeys, shortcutKeys, type Shortcut } from './shortcuts.ts';

@customElement('ot-shortcuts')
export class ShortcutsSheet extends Sheet {
  static override styles = [
    ...Sheet.styles,
    css`
      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: var(--space-3) var(--space-4);
        align-items: center;
        margin: 0;
      }
      dd {
        margin: 0;
        text-align: end;
      }
      kbd {
        padding: 2px var(--space-2);
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--bg-chat);
        font: inherit;
        font-size: var(--type-small);
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        min-block-size: var(--target);
        margin-block-start: var(--space-3);
      }
      input {
        flex: none;
        inline-size: 20px;
        block-size: 20px;
        margin: 0;
        accent-color: var(--accent);
      }
    `,
  ];

  protected heading(): string {
    return words.shortcuts.heading;
  }

  protected content() {
    return html`
      <dl>
        ${Object.entries(shortcutKeys).map(
          ([name, keys]) =>
            html`<dt>${words.shortcuts.what[name as Shortcut]}</dt>
              <dd dir="ltr">${keys.map((key) => html` <kbd>${key}</kbd>`)}</dd>`,
        )}
        <dt>${words.shortcuts.newLine}</dt>
        <dd dir="ltr"><kbd>Shift Enter</kbd></dd>
      </dl>
      <label>
        <input type="checkbox" ?checked=${hasSingleKeys()} @change=${this.#onSingleKeys} />
        ${words.shortcuts.singleKeys}
      </label>
      <div class="row">
        <span></span>
        <button class="text-button" @click=${() => this.close()}>${words.actions.close}</button>
      </div>
    `;
  }

  #onSingleKeys(event: Event): void {
    allowSingleKeys((event.target as HTMLInputElement).checked);
  }
}
