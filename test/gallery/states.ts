/** All that the gallery shows, in the order in which a person meets it. */
import type { Group } from './stage.ts';
import { account } from './states/account.ts';
import { bars } from './states/bars.ts';
import { composer } from './states/composer.ts';
import { info } from './states/info.ts';
import { notices } from './states/notices.ts';
import { peace } from './states/peace.ts';
import { people } from './states/people.ts';
import { queue } from './states/queue.ts';
import { search } from './states/search.ts';
import { settings } from './states/settings.ts';
import { signIn } from './states/sign-in.ts';
import { thread } from './states/thread.ts';

export const groups: readonly Group[] = [
  signIn,
  people,
  search,
  thread,
  composer,
  bars,
  queue,
  info,
  peace,
  settings,
  account,
  notices,
];
