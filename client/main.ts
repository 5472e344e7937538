/**
 * The start of the page: who is signed in here decides what is shown, before anything is asked of the network.
 */
import './ui/app.ts';
import { signIn, type SignInOutcome } from './session.ts';
import { readIdentity, rememberIdentity } from './store/device.ts';
import { newUuid } from './store/uuid.ts';
import { createChat } from './sync/engine-chat.ts';
import { SyncEngine } from './sync/sync-engine.ts';
import { registerWorker } from './service-worker.ts';
import type { Person } from '../server/protocol/requests.ts';

const app = document.querySelector('ot-app')!;
let engine: SyncEngine | undefined;
/** The same for every try of one nick: the answer to the first may have been lost. */
let attempt = { nick: '', key: '' };

function enter(me: Person): void {
  // Read by index.html before the first paint, so that who is signed in never sees the sign-in screen flash.
  localStorage.setItem('known', '1');
  engine?.stop();
  engine = new SyncEngine(me);
  app.chat = createChat(me, engine);
  engine.start();
}

app.signIn = async (nick: string): Promise<SignInOutcome> => {
  if (attempt.nick !== nick) attempt = { nick, key: newUuid() };
  const outcome = await signIn(nick, attempt.key);
  if (outcome.kind !== 'signed-in') return outcome;
  await rememberIdentity(outcome.me);
  enter(outcome.me);
  return outcome;
};

app.addEventListener('signed-out', () => {
  localStorage.removeItem('known');
  location.assign('/');
});

const me = await readIdentity();
if (me) enter(me);
else {
  localStorage.removeItem('known');
  document.documentElement.classList.remove('known');
}

registerWorker((handle) => {
  app.newVersion = handle;
}).catch((error: unknown) => console.error('no service worker', error));
