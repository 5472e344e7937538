/** The sheet of what waits. */
import type { FlushTrouble } from '../../../client/store/database.ts';
import type { Waiting } from '../device.ts';
import { amal, henrik, jonas, longNick } from '../people.ts';
import { openApp, type Group, type Opened } from '../stage.ts';

const fresh: Waiting[] = [
  { to: jonas, text: 'We found the hut just before the rain.', written: '13:20' },
  { to: longNick, text: 'Pictures when I am home.\nAll of them.\nI promise.', written: '13:25' },
  { to: amal, text: 'سأكون هناك في الثامنة', written: '2026-05-13 23:50' },
];
const tried: Waiting = { to: henrik, text: 'Is it still raining?', written: '12:00', tries: 4 };
const refused: Waiting[] = [
  { to: henrik, text: 'Hello?', written: '11:00', tries: 1, refused: 'person_changed' },
  { to: jonas, text: 'Far too much of it. '.repeat(30), written: '11:30', tries: 1, refused: 'too_large' },
];

export const queue: Group = {
  title: 'Queue',
  states: [
    { name: 'queue', render: (stage) => open(stage, fresh) },
    { name: 'queue-tried', render: (stage) => open(stage, [tried, ...fresh]) },
    {
      name: 'queue-refused',
      render: (stage) => open(stage, [...refused, ...fresh], 'busy'),
    },
    { name: 'queue-one', render: (stage) => open(stage, fresh.slice(0, 1), 'not-ours') },
    { name: 'queue-empty', render: (stage) => open(stage, []) },
    {
      name: 'queue-editing',
      async render(stage) {
        const { find } = await open(stage, fresh);
        find('ot-queue', 'ot-waiting-actions', '[name=edit]').click();
      },
    },
    {
      name: 'queue-deleting',
      async render(stage) {
        const { find } = await open(stage, fresh);
        find('ot-queue', 'ot-waiting-actions', '[name=delete]').click();
      },
    },
  ],
};

async function open(
  stage: HTMLElement,
  waiting: Waiting[],
  trouble: FlushTrouble = 'offline',
): Promise<Opened> {
  const opened = await openApp(stage, { waiting, trouble }, { connection: 'offline' });
  await opened.ask('open-queue');
  return opened;
}
