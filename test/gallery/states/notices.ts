/** What lies over everything: trouble with the storage, a new version, a session that is lost. */
import { html } from 'lit';
import { tellTrouble, type Trouble } from '../../../client/store/trouble.ts';
import { openApp, putBoard, type Group } from '../stage.ts';
import { settled, within } from '../settled.ts';
import { lived } from './people.ts';

const troubles: Trouble[] = ['updated', 'too-new', 'blocked', 'full', 'broken', 'memory', 'cleared'];

export const notices: Group = {
  title: 'Notices',
  states: [
    {
      name: 'storage-full',
      async render(stage) {
        tellTrouble('full');
        await openApp(stage, lived);
      },
    },
    {
      name: 'storage-notices',
      render: (stage) =>
        putBoard(
          stage,
          'Trouble with the storage',
          html`${troubles.map(
            (trouble) =>
              html`<h2>${trouble}</h2>
                <ot-storage-notice trouble=${trouble}></ot-storage-notice>`,
          )}`,
        ),
    },
    {
      name: 'new-version',
      async render(stage) {
        const { app } = await openApp(stage, lived);
        app.newVersion = { take: () => Promise.resolve(true) };
      },
    },
    {
      name: 'new-version-taken',
      async render(stage) {
        const { app } = await openApp(stage, lived);
        app.newVersion = { take: () => new Promise(() => {}) };
        await settled(stage);
        within(app, 'ot-update-toast', '.text-button').click();
      },
    },
    {
      name: 'signed-out',
      render: (stage) => openApp(stage, lived, { connection: 'signed-out' }),
    },
    {
      name: 'signed-out-later',
      async render(stage) {
        const { app } = await openApp(stage, lived, { connection: 'signed-out' });
        within(app, 'ot-session-sheet', '.text-button').click();
      },
    },
    {
      name: 'other-person',
      render: (stage) => openApp(stage, lived, { connection: 'other-person' }),
    },
  ],
};
