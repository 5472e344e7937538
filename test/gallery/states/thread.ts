/** Conversations: their messages in every state, their beginnings, and where one stands in them. */
import { html } from 'lit';
import type { ThreadMessage } from '../../../client/store/thread.ts';
import { fillDevice, nameOf, type Contents, type Talk } from '../device.ts';
import { at } from '../fixed-moment.ts';
import { amal, henrik, jonas, longNick, me, tomas } from '../people.ts';
import { openApp, putBoard, type Group } from '../stage.ts';
import { stageChat } from '../stage-chat.ts';
import { others, withAmal, withHenrik, withJonas, withTomas } from '../talks.ts';

const talks = [withTomas, withJonas, ...others];
const withQueue: Contents = {
  talks,
  waiting: [
    { to: jonas, text: 'The bridge is closed, take the other one', written: '14:08', tries: 2 },
    { to: jonas, text: 'And the mill opens at nine', written: '14:08' },
  ],
};
const withFailed: Contents = {
  talks,
  waiting: [
    { to: jonas, text: 'To whom it may concern', written: '14:07', tries: 1, refused: 'person_changed' },
  ],
};

export const thread: Group = {
  title: 'Conversation',
  states: [
    { name: 'thread', render: (stage) => openApp(stage, { talks }, { nick: jonas.nick }) },
    {
      name: 'thread-top',
      async render(stage) {
        const { find } = await openApp(stage, { talks }, { nick: jonas.nick });
        find('ot-conversation', 'ot-thread', '.scroller').scrollTop = 0;
      },
    },
    {
      name: 'thread-typing',
      render: (stage) => openApp(stage, { talks }, { nick: amal.nick, typing: [amal] }),
    },
    {
      name: 'thread-last-seen',
      render: (stage) => openApp(stage, { talks }, { nick: longNick.nick }),
    },
    {
      name: 'thread-unread',
      render: (stage) => openApp(stage, { talks }, { nick: tomas.nick }),
    },
    {
      name: 'thread-queued',
      render: (stage) => openApp(stage, withQueue, { nick: jonas.nick }),
    },
    {
      name: 'thread-failed',
      render: (stage) => openApp(stage, withFailed, { nick: jonas.nick }),
    },
    {
      name: 'thread-empty',
      render: (stage) => openApp(stage, { talks }, { nick: henrik.nick }),
    },
    {
      name: 'thread-notes',
      async render(stage) {
        const notes: Talk = { with: me, lines: [[me, '13:00', 'Coat, shoes, map']] };
        await openApp(stage, { talks: [...talks, notes] }, { nick: me.nick });
      },
    },
    {
      name: 'thread-earlier',
      async render(stage) {
        const partly = [{ ...withAmal, missing: 200 }];
        const { find } = await openApp(stage, { talks: partly }, { nick: amal.nick, connection: 'offline' });
        find('ot-conversation', 'ot-thread', '.older button').click();
      },
    },
    {
      name: 'thread-away',
      async render(stage) {
        const { find } = await openApp(stage, { talks: [withHenrik] }, { nick: henrik.nick });
        find('ot-conversation', 'ot-thread', '.scroller').scrollTop = 200;
      },
    },
    {
      name: 'thread-loading',
      render: (stage) => openApp(stage, { isNew: true }, { nick: jonas.nick, connection: 'catching-up' }),
    },
    {
      name: 'thread-nobody',
      render: (stage) => openApp(stage, { talks }, { nick: 'Nemo' }),
    },
    { name: 'messages', render: showMessages },
  ],
};

/** Every state of a message, own and theirs. */
async function showMessages(stage: HTMLElement): Promise<void> {
  const chat = stageChat(await fillDevice({}));
  const base: ThreadMessage = {
    ...{ id: nameOf(1), peerId: jonas.id, place: 1, text: 'See you at eight', composedAt: at('14:02') },
    ...{ from: me.nick, fromId: me.id, to: jonas.nick, toId: jonas.id },
  };
  const sent = { ...base, seq: 1, acceptedAt: at('14:02') };
  const messages: ThreadMessage[] = [
    { ...base, state: 'queued' },
    { ...sent, state: 'sent' },
    { ...sent, state: 'delivered' },
    { ...sent, state: 'read' },
    { ...sent, state: 'read', composedAt: at('11:30'), text: 'Written in a tunnel' },
    { ...sent, from: jonas.nick, fromId: jonas.id, toId: me.id },
    { ...sent, from: jonas.nick, fromId: jonas.id, toId: me.id, text: '👋' },
    { ...sent, from: jonas.nick, fromId: jonas.id, toId: me.id, text: '', erased: '0'.repeat(16) },
  ];
  putBoard(
    stage,
    'Messages',
    html`<div style="padding: 0 16px">
      ${messages.map(
        (message) =>
          html`<ot-message
            .chat=${chat}
            .message=${message}
            ?own=${message.fromId === me.id}
            first
          ></ot-message>`,
      )}
    </div>`,
  );
}
