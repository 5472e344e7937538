/**
 * <ot-devices chat>: where I am signed in, and ending that anywhere but here. The list is the server's: without a
 * network there is none, and it says so.
 */
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Device } from '../../server/protocol/requests.ts';
import type { Chat } from '../sync/chat.ts';
import { fillParts, words } from '../words/words.ts';
import { dayAndTime } from './day-and-time.ts';
import { devicesSheetStyles } from './devices-sheet-styles.ts';
import { Sheet } from './sheet.ts';

@customElement('ot-devices')
export class DevicesSheet extends Sheet {
  @property({ attribute: false }) chat!: Chat;
  @state() private devices: Device[] | undefined;
  /** What is to end, asked about before it does: the id of a device, or all others. */
  @state() private asking = '';
  /** What came of it, or why there is nothing to see; said aloud. */
  @state() private said = '';

  static override styles = [...Sheet.styles, devicesSheetStyles];

  override firstUpdated(): void {
    super.firstUpdated();
    void this.#read();
  }

  /** The button that had the focus may be gone. */
  override updated(): void {
    this.keepFocus();
  }

  protected heading(): string {
    return words.devices.heading;
  }

  protected content() {
    const { devices = [] } = this;
    return html`
      <p aria-live="polite">${this.said}</p>
      <ul role="list">
        ${repeat(
          devices,
          ({ id }) => id,
          (device) => this.#device(device),
        )}
      </ul>
      ${
        devices.length > 2
          ? this.#end(others, words.devices.endOthers, () => this.chat.endOtherDevices())
          : nothing
      }
      <div class="row">
        <span></span>
        <button class="text-button" @click=${() => this.close()}>${words.actions.close}</button>
      </div>
    `;
  }

  #device({ id, name, since, lastUsed, current }: Device) {
    const { unknown, here, lastUsedAt, sinceDay, end } = words.devices;
    const time = (iso: string) => html`<time datetime=${iso}>${dayAndTime(iso)}</time>`;
    return html`<li>
      <div>
        <p class="name"><bdi>${name === '' ? unknown : name}</bdi></p>
        <p class="note">
          ${current ? html`<strong>${here}</strong>` : fillParts(lastUsedAt, { time: time(lastUsed) })}
        </p>
        <p class="note">${fillParts(sinceDay, { time: time(since) })}</p>
      </div>
      ${current ? nothing : this.#end(id, end, () => this.chat.endDevice(id))}
    </li>`;
  }

  /** A device that was ended does not come back by itself: so it takes two presses. */
  #end(what: string, label: string, act: () => Promise<boolean>) {
    const isSure = this.asking === what;
    return html`<button
      class="text-button danger"
      @click=${() => (isSure ? void this.#act(act) : (this.asking = what))}
    >
      ${isSure ? words.devices.really : label}
    </button>`;
  }

  async #act(act: () => Promise<boolean>): Promise<void> {
    this.asking = '';
    const isDone = await act();
    await this.#read();
    if (this.devices) this.said = isDone ? words.devices.ended : words.devices.unreachable;
  }

  async #read(): Promise<void> {
    this.devices = await this.chat.devices();
    this.said = this.devices ? '' : words.devices.unreachable;
  }
}

const others = 'others';

declare global {
  interface HTMLElementTagNameMap {
    'ot-devices': DevicesSheet;
  }
}
