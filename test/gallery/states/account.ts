/** Where a person is signed in, and leaving for good. */
import type { DeleteAccountSheet } from '../../../client/ui/delete-account-sheet.ts';
import type { Device } from '../../../server/protocol/requests.ts';
import type { Contents } from '../device.ts';
import { at } from '../fixed-moment.ts';
import { jonas, me } from '../people.ts';
import { settled } from '../settled.ts';
import { openApp, type Group, type Opened } from '../stage.ts';

const devices: Device[] = [
  { id: 'a', name: 'Chrome on Android', since: at('2026-04-02 08:00'), lastUsed: at('14:09'), current: true },
  {
    id: 'b',
    name: 'Samsung Internet on Android',
    since: at('2026-05-13 22:15'),
    lastUsed: at('12:40'),
    current: false,
  },
  { id: 'c', name: '', since: at('2026-01-02 10:00'), lastUsed: at('2026-03-01 10:00'), current: false },
];
const waiting: Contents = { waiting: [{ to: jonas, text: 'We found the hut', written: '14:07' }] };

export const account: Group = {
  title: 'Account',
  states: [
    { name: 'devices', render: (stage) => openDevices(stage, devices) },
    { name: 'devices-alone', render: (stage) => openDevices(stage, devices.slice(0, 1)) },
    { name: 'devices-offline', render: (stage) => openDevices(stage, undefined) },
    {
      name: 'devices-ending',
      async render(stage) {
        const { find } = await openDevices(stage, devices);
        find('ot-devices', 'li .danger').click();
      },
    },
    { name: 'delete-account', render: (stage) => openDeleting(stage, waiting) },
    {
      name: 'delete-account-nick',
      async render(stage) {
        const { find } = await openDeleting(stage, {});
        find('ot-delete-account', '.main-button').click();
      },
    },
    {
      name: 'delete-account-offline',
      async render(stage) {
        const { find } = await openDeleting(stage, {});
        const sheet = find('ot-delete-account') as DeleteAccountSheet;
        find('ot-delete-account', '.main-button').click();
        await sheet.updateComplete;
        const field = find('ot-delete-account', 'input') as HTMLInputElement;
        field.value = me.nick;
        field.dispatchEvent(new InputEvent('input'));
        await sheet.updateComplete;
        find('ot-delete-account', '.main-button').click();
      },
    },
  ],
};

async function openDevices(stage: HTMLElement, found: Device[] | undefined): Promise<Opened> {
  const opened = await openApp(stage, {}, found ? { devices: found } : { connection: 'offline' });
  await askFor(stage, 'open-devices', opened);
  return opened;
}

async function openDeleting(stage: HTMLElement, contents: Contents): Promise<Opened> {
  const opened = await openApp(stage, contents);
  await askFor(stage, 'open-delete-account', opened);
  return opened;
}

/** Both are asked for by the settings, which lie over the screen. */
async function askFor(stage: HTMLElement, wish: string, { ask, find }: Opened): Promise<void> {
  await ask('open-settings');
  find('ot-settings').dispatchEvent(new CustomEvent(wish, { bubbles: true, composed: true }));
  await settled(stage);
}
