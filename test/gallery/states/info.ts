/** The sheets about one message, and about one conversation. */
import type { CheckOutcome } from '../../../client/sync/check-conversation.ts';
import type { ConnectionName } from '../../../client/sync/connection-view.ts';
import { nameOf, type Talk, type Waiting } from '../device.ts';
import { jonas, me } from '../people.ts';
import { openApp, type Group } from '../stage.ts';
import { withJonas } from '../talks.ts';

const waiting: Waiting = { to: jonas, text: 'Pictures when I am home', written: '13:25' };
/** Names of the talk's messages, see device.ts. */
const own = { fromId: me.id, id: nameOf(1_004) };
const theirs = { fromId: jonas.id, id: nameOf(1_005) };
const queued = { fromId: me.id, id: nameOf(900) };

export const info: Group = {
  title: 'About a message, about a conversation',
  states: [
    { name: 'message-own', render: (stage) => aboutMessage(stage, own) },
    { name: 'message-theirs', render: (stage) => aboutMessage(stage, theirs) },
    { name: 'message-queued', render: (stage) => aboutMessage(stage, queued, waiting) },
    { name: 'message-tried', render: (stage) => aboutMessage(stage, queued, { ...waiting, tries: 3 }) },
    {
      name: 'message-refused',
      render: (stage) => aboutMessage(stage, queued, { ...waiting, tries: 1, refused: 'person_changed' }),
    },
    {
      name: 'message-wrong-clock',
      async render(stage) {
        const early: Talk = { with: jonas, lines: [[me, '13:00', 'From the future', '15:00']] };
        const { ask } = await openApp(stage, { talks: [early] }, { nick: jonas.nick });
        await ask('open-message', { fromId: me.id, id: nameOf(1_000) });
      },
    },
    { name: 'conversation-comparing', render: (stage) => aboutConversation(stage) },
    {
      name: 'conversation-same',
      render: (stage) => aboutConversation(stage, { check: { kind: 'same', first: 1, isMended: false } }),
    },
    {
      name: 'conversation-partly',
      render: (stage) =>
        aboutConversation(stage, { check: { kind: 'same', first: 1, isMended: false }, missing: 200 }),
    },
    {
      name: 'conversation-offline',
      render: (stage) => aboutConversation(stage, { check: { kind: 'unreachable' }, connection: 'offline' }),
    },
    {
      name: 'conversation-differs',
      render: (stage) => aboutConversation(stage, { check: { kind: 'differs' } }),
    },
  ],
};

async function aboutMessage(
  stage: HTMLElement,
  message: { fromId: string; id: string },
  ...queue: Waiting[]
): Promise<void> {
  const { ask } = await openApp(stage, { talks: [withJonas], waiting: queue }, { nick: jonas.nick });
  await ask('open-message', message);
}

interface Comparison {
  check?: CheckOutcome;
  connection?: ConnectionName;
  missing?: number;
}

async function aboutConversation(
  stage: HTMLElement,
  { missing = 0, ...circumstances }: Comparison = {},
): Promise<void> {
  const talks = [{ ...withJonas, missing }];
  const { ask } = await openApp(stage, { talks }, { nick: jonas.nick, ...circumstances });
  await ask('open-about', jonas);
}
