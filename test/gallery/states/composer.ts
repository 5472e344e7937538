/** Where a message is written. */
import { maxTextCodePoints } from '../../../server/protocol/text.ts';
import type { Circumstances } from '../stage-chat.ts';
import { amal, jonas } from '../people.ts';
import { openApp, type Group } from '../stage.ts';
import { within } from '../settled.ts';
import { others, withJonas } from '../talks.ts';

const talks = [withJonas, ...others];

export const composer: Group = {
  title: 'Composer',
  states: [
    { name: 'composer-draft', render: (stage) => open(stage, 'I was just about to say') },
    {
      name: 'composer-many-lines',
      render: (stage) => open(stage, Array.from({ length: 9 }, (_, line) => `Line ${line + 1}`).join('\n')),
    },
    {
      name: 'composer-arabic',
      render: (stage) =>
        openApp(stage, { talks, drafts: [{ to: amal, text: 'سأكون هناك في الثامنة' }] }, { nick: amal.nick }),
    },
    { name: 'composer-nearly-full', render: (stage) => open(stage, 'a '.repeat(maxTextCodePoints / 2 - 20)) },
    { name: 'composer-too-long', render: (stage) => open(stage, 'a '.repeat(maxTextCodePoints / 2 + 3)) },
    {
      name: 'composer-emoji',
      async render(stage) {
        const composing = await open(stage, 'On my way');
        // A phone's keyboard has its own: there the button is not.
        composing.shadowRoot!.querySelector('ot-emoji')?.shadowRoot?.querySelector('button')?.click();
      },
    },
    {
      name: 'composer-not-kept',
      async render(stage) {
        const send: Circumstances['send'] = { kind: 'not-stored', why: 'full' };
        const composing = await open(stage, 'This must not be lost', { send });
        within(composing, '.send').click();
      },
    },
  ],
};

async function open(stage: HTMLElement, text: string, circumstances?: Circumstances): Promise<HTMLElement> {
  const contents = { talks, drafts: [{ to: jonas, text }] };
  const { find } = await openApp(stage, contents, { nick: jonas.nick, ...circumstances });
  return find('ot-conversation', 'ot-composer');
}
