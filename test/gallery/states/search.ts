/** Searching people and messages. */
import { jonas } from '../people.ts';
import { openApp, type Group, type Opened } from '../stage.ts';
import { settled } from '../settled.ts';
import { withJonas } from '../talks.ts';
import { lived } from './people.ts';

export const search: Group = {
  title: 'Search',
  states: [
    { name: 'search', render: (stage) => searchFor(stage, 'the') },
    { name: 'search-people', render: (stage) => searchFor(stage, 'jon') },
    { name: 'search-nothing', render: (stage) => searchFor(stage, 'xylophone') },
    {
      name: 'search-partly',
      async render(stage) {
        const opened = await openApp(stage, { talks: [{ ...withJonas, missing: 200 }] });
        await type(stage, opened, 'hut');
      },
    },
    {
      name: 'search-found',
      async render(stage) {
        const opened = await searchFor(stage, 'chocolate');
        opened.find('ot-people-list', 'ot-search-results', `a[href$="${jonas.nick}"]`).click();
      },
    },
  ],
};

async function searchFor(stage: HTMLElement, words: string): Promise<Opened> {
  const opened = await openApp(stage, lived);
  await type(stage, opened, words);
  return opened;
}

async function type(stage: HTMLElement, { find }: Opened, words: string): Promise<void> {
  const field = find('ot-people-list', 'input') as HTMLInputElement;
  field.value = words;
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await settled(stage);
}
