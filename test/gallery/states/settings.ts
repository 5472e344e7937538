/** The settings. */
import type { Contents } from '../device.ts';
import type { SettingsSheet } from '../../../client/ui/settings-sheet.ts';
import { jonas } from '../people.ts';
import { openApp, type Group, type Opened } from '../stage.ts';

const two: Contents = {
  waiting: [
    { to: jonas, text: 'We found the hut', written: '14:07' },
    { to: jonas, text: 'Far too much of it', written: '14:08', refused: 'too_large' },
  ],
};

/** The first of the two ways to leave. */
const signOut = 'button.danger';

export const settings: Group = {
  title: 'Settings',
  states: [
    { name: 'settings', render: (stage) => open(stage, {}) },
    {
      name: 'settings-everything',
      async render(stage) {
        Object.assign(window, { installPrompt: {} });
        Object.defineProperty(window, 'isSecureContext', { value: false });
        await open(stage, two);
      },
    },
    {
      name: 'settings-signing-out',
      async render(stage) {
        const { find } = await open(stage, two);
        find('ot-settings', signOut).click();
      },
    },
    {
      name: 'settings-sign-out-offline',
      async render(stage) {
        const { find } = await open(stage, {});
        find('ot-settings', signOut).click();
        await (find('ot-settings') as SettingsSheet).updateComplete;
        find('ot-settings', '.main-button').click();
      },
    },
    {
      name: 'settings-deleting',
      async render(stage) {
        const { find } = await open(stage, two);
        find('ot-settings', `${signOut} + button.danger`).click();
      },
    },
    {
      name: 'shortcuts',
      async render(stage) {
        await openApp(stage, {});
        window.dispatchEvent(new KeyboardEvent('keydown', { key: '?' }));
      },
    },
  ],
};

/** What the browser has room for is not the same everywhere. */
async function open(stage: HTMLElement, contents: Contents): Promise<Opened> {
  Object.defineProperty(navigator, 'storage', {
    value: {
      estimate: () => Promise.resolve({ usage: 2_400_000 }),
      persisted: () => Promise.resolve(true),
    },
  });
  const opened = await openApp(stage, contents);
  await opened.ask('open-settings');
  return opened;
}
