/**
 * <ot-install-card db inSettings>: the offer to put the app on the home screen, when it is possible and the moment for it;
 * in the settings whenever it is possible.
 */
import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Database } from '../store/database.ts';
import { listOutbox } from '../store/outbox.ts';
import { fillParts, plural, words } from '../words/words.ts';
import { install, installing, putOffInstall, readInstallFacts } from './installing.ts';
import { installWay, isMomentToOffer } from './install-offer.ts';
import { LiveQuery } from './live-query.ts';
import { sharedStyles } from './shared-styles.ts';

const share = svg`<path d="M12 15V3M8 6l4-4 4 4M8 10H5v11h14V10h-3" />`;
const add = svg`<rect x="3" y="3" width="18" height="18" rx="5" /><path d="M12 8v8M8 12h8" />`;

@customElement('ot-install-card')
export class InstallCard extends LitElement {
  @property({ attribute: false }) db!: Database;
  @property({ type: Boolean }) inSettings = false;
  readonly #unsent = new LiveQuery(
    this,
    () => ['outbox'],
    async () => (await listOutbox(this.db)).length,
  );
  readonly #onChange = () => this.requestUpdate();

  static override styles = [
    sharedStyles,
    css`
      .card {
        padding: var(--space-3) var(--space-4);
        border-radius: var(--radius-button);
        background: var(--bg-chat);
      }
      :host(:not([inSettings])) .card {
        margin: var(--space-2) var(--space-4) max(var(--space-3), env(safe-area-inset-bottom));
      }
      p {
        margin: 0 0 var(--space-1);
      }
      .small {
        color: var(--text-2);
        font-size: var(--type-small);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        justify-content: end;
        margin: 0 -8px -8px;
      }
      svg {
        inline-size: 20px;
        block-size: 20px;
        vertical-align: -4px;
        color: var(--accent);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    installing.addEventListener('change', this.#onChange);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    installing.removeEventListener('change', this.#onChange);
  }

  override render() {
    const facts = readInstallFacts();
    const way = installWay(facts);
    if (way === 'none' || !(this.inSettings || isMomentToOffer(facts, Date.now()))) return nothing;
    return html`<section class="card" aria-label=${words.install.heading}>
      <p>
        <strong>${way === 'button' ? words.install.asApp : words.install.onHomeScreen}</strong>
      </p>
      ${way === 'button' ? html`<p class="small">${words.install.ownWindow}</p>` : this.#bySharing()}
      ${
        this.inSettings && way !== 'button'
          ? nothing
          : html`<div class="buttons">
              ${this.inSettings ? nothing : html`<button class="text-button" @click=${putOffInstall}>${words.install.notNow}</button>`}
              ${way === 'button' ? html`<button class="text-button" @click=${this.#install}>${words.install.install}</button>` : nothing}
            </div>`
      }
    </section>`;
  }

  #bySharing() {
    const unsent = this.#unsent.value ?? 0;
    return html`<p>
        ${fillParts(words.install.bySharing, {
          share: html`${picture(share)} <strong>${words.install.share}</strong>`,
          add: html`${picture(add)} <strong>${words.install.add}</strong>`,
        })}
      </p>
      <p class="small">
        ${words.install.anew}
        ${unsent === 0 ? nothing : html`<strong>${plural(words.install.sendFirst, unsent)}</strong>`}
      </p>`;
  }

  #install(): void {
    install().catch((error: unknown) => console.error(error));
  }
}

function picture(drawing: unknown) {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true">${drawing}</svg>`;
}
