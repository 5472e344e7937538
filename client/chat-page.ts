/**
 * Everything behind the sign-in: the messenger, and the engine that keeps it in step. A chunk of its own, so that picking
 * a nick on a slow network does not wait for it; it is loaded while the nick is typed, and precached with the rest.
 */
import type { Person } from '../server/protocol/requests.ts';
import { keepForOffline as keepFilesForOffline } from './service-worker.ts';
import { createChat } from './sync/engine-chat.ts';
import { watchIdentity } from './sync/identity-watch.ts';
import { SyncEngine } from './sync/sync-engine.ts';
import type { App } from './ui/app.ts';
import './ui/messenger.ts';
import './ui/session-sheet.ts';
import './ui/update-toast.ts';

let engine: SyncEngine | undefined;
let stopWatching: (() => void) | undefined;

/** Shows the messenger of `me`, in place of anybody's before. */
export function openChat(app: App, me: Person): void {
  // A shortcut of the installed app, which cannot know the nick.
  if (location.pathname === '/notes') history.replaceState(null, '', `/c/${encodeURIComponent(me.nick)}`);
  engine?.stop();
  engine = new SyncEngine(me);
  app.chat = createChat(me, engine);
  engine.start();
  const report = (error: unknown) => console.error(error);
  const mine = engine;
  stopWatching?.();
  stopWatching = watchIdentity(me, {
    onLeft() {
      mine.stop();
      app.dispatchEvent(new Event('signed-out'));
    },
    onChanged: () => mine.wake(),
    report,
  });
}

/** Has the app kept for offline starts, and newer versions of it offered. */
export function keepForOffline(app: App): void {
  keepFilesForOffline((newVersion) => {
    app.newVersion = newVersion;
  }).catch((error: unknown) => console.error('no service worker', error));
}
