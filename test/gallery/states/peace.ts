/** Being left in peace: requests, blocks, what is muted, reports, and what one shows of oneself. */
import { decide } from '../../../client/store/peers.ts';
import type { ReportOutcome } from '../../../client/sync/server-calls.ts';
import type { PeerFlags } from '../../../server/protocol/peers.ts';
import type { Person } from '../../../server/protocol/requests.ts';
import { amal, longNick, taro, tomas, zoe } from '../people.ts';
import { settled } from '../settled.ts';
import { openApp, type Group, type Opened } from '../stage.ts';
import { lived } from './people.ts';

type Decisions = [Person, Partial<PeerFlags>][];

export const peace: Group = {
  title: 'Being left in peace',
  states: [
    {
      name: 'peace-requests',
      render: (stage) =>
        open(stage, [
          [longNick, { accepted: false }],
          [amal, { accepted: false }],
          [tomas, { muted: true }],
          [taro, { muted: true }],
        ]),
    },
    {
      name: 'peace-request',
      render: (stage) => open(stage, [[longNick, { accepted: false }]], longNick),
    },
    { name: 'peace-blocked', render: (stage) => open(stage, [[zoe, { blocked: true }]], zoe) },
    {
      name: 'peace-settings',
      async render(stage) {
        const { ask, chat } = await open(stage, [
          [longNick, { blocked: true }],
          [amal, { blocked: true }],
        ]);
        await chat.setPrivacy({ typing: false });
        await ask('open-settings');
      },
    },
    { name: 'peace-report', render: (stage) => report(stage, 'sent') },
    {
      name: 'peace-report-sent',
      render: (stage) => report(stage, 'sent', 'press'),
    },
    {
      name: 'peace-report-offline',
      render: (stage) => report(stage, 'unreachable', 'press'),
    },
  ],
};

async function open(stage: HTMLElement, decisions: Decisions, peer?: Person): Promise<Opened> {
  const opened = await openApp(stage, lived, { nick: peer?.nick ?? '' });
  for (const [person, change] of decisions) await decide(opened.chat.db, person, change);
  await settled(stage);
  return opened;
}

async function report(stage: HTMLElement, outcome: ReportOutcome, press?: 'press'): Promise<void> {
  const { ask, find } = await openApp(stage, lived, { nick: tomas.nick, report: outcome });
  await ask('open-report', tomas);
  if (press) find('ot-report', '.main-button').click();
}
