/** What is said of the network: on the screens, and every bar there is on one board. */
import { html } from 'lit';
import type { ConnectionShown } from '../../../client/ui/connection-shown.ts';
import '../../../client/ui/connection-status.ts';
import { readQueue, type Queue } from '../../../client/store/queue.ts';
import { fillDevice, type Contents } from '../device.ts';
import { jonas } from '../people.ts';
import { openApp, putBoard, type Group } from '../stage.ts';
import { others, withJonas } from '../talks.ts';

const talks = [withJonas, ...others];
const two: Contents = {
  talks,
  trouble: 'offline',
  waiting: [
    { to: jonas, text: 'We found the hut', written: '14:07', tries: 1 },
    { to: jonas, text: 'Pictures when I am home', written: '14:08' },
  ],
};
const one = { ...two, waiting: two.waiting!.slice(0, 1) };
const failed: Contents = { waiting: [{ ...two.waiting![0]!, refused: 'too_large' }] };
const both: Contents = { waiting: [...failed.waiting!, two.waiting![1]!] };

export const bars: Group = {
  title: 'Connection',
  states: [
    {
      name: 'offline-people',
      render: (stage) => openApp(stage, { talks }, { connection: 'offline' }),
    },
    {
      name: 'offline-thread',
      render: (stage) => openApp(stage, two, { nick: jonas.nick, connection: 'offline' }),
    },
    {
      name: 'back-sending',
      async render(stage) {
        const { chat } = await openApp(stage, two, { nick: jonas.nick, connection: 'offline' });
        chat.become('live');
      },
    },
    {
      name: 'catching-up',
      render: (stage) => openApp(stage, { talks }, { connection: 'catching-up' }),
    },
    { name: 'bars', render: showBars },
  ],
};

async function showBars(stage: HTMLElement): Promise<void> {
  const bar = async (title: string, what: ConnectionShown['what'], contents: Contents = {}) => ({
    title,
    shown: { what, at: 0 },
    queue: await readQueue(await fillDevice(contents)),
  });
  const all: { title: string; shown: ConnectionShown; queue: Queue }[] = await Promise.all([
    bar('Offline', 'offline'),
    bar('Offline, one waits', 'offline', one),
    bar('Offline, two wait', 'offline', two),
    bar('Offline, one was refused', 'offline', both),
    bar('Back', 'back'),
    bar('Sending', 'sending', two),
    bar('All sent', 'all-sent'),
    bar('Signed out', 'signed-out'),
    bar('Refused', 'nothing', failed),
    bar('The server has a problem', 'nothing', { ...two, trouble: 'server' }),
    bar('Captive portal', 'nothing', { ...one, trouble: 'not-ours' }),
    bar('Updating', 'updating'),
  ]);
  putBoard(
    stage,
    'Bars',
    html`${all.map(
      ({ title, shown, queue }) =>
        html`<h2>${title}</h2>
          <ot-connection-status .shown=${shown} .queue=${queue}></ot-connection-status>`,
    )}`,
  );
}
