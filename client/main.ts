/**
 * The start of the page: who is signed in here decides what is shown, before anything is asked of the network.
 * What is behind the sign-in is chat-page.ts, which is loaded beside it.
 */
import type * as ChatPage from './chat-page.ts';
import './ui/app.ts';
import { signIn, type SignInOutcome } from './session.ts';
import { readIdentity, rememberIdentity } from './store/device.ts';
import { newUuid } from './store/uuid.ts';
import type { Person } from '../server/protocol/requests.ts';

const app = document.querySelector('ot-app')!;
let chatPage: Promise<typeof ChatPage> | undefined;
/** The same for every try of one nick: the answer to the first may have been lost. */
let attempt = { nick: '', key: '' };

/** Undefined when the network did not bring it; the next call asks again. */
async function loadChatPage(): Promise<typeof ChatPage | undefined> {
  chatPage ??= import('./chat-page.ts');
  try {
    return await chatPage;
  } catch (error) {
    console.error(error);
    chatPage = undefined;
    return undefined;
  }
}

async function enter(me: Person): Promise<void> {
  // Read by index.html before the first paint, so that who is signed in never sees the sign-in screen flash.
  localStorage.setItem('known', '1');
  (await loadChatPage())?.openChat(app, me);
}

app.signIn = async (nick: string): Promise<SignInOutcome> => {
  // First what comes after it: a nick is not taken for somebody who could not go on.
  if (!(await loadChatPage())) return { kind: 'unreachable' };
  if (attempt.nick !== nick) attempt = { nick, key: newUuid() };
  const outcome = await signIn(nick, attempt.key);
  if (outcome.kind !== 'signed-in') return outcome;
  await rememberIdentity(outcome.me);
  await enter(outcome.me);
  return outcome;
};

app.addEventListener('signed-out', () => {
  localStorage.removeItem('known');
  location.assign('/');
});

if (localStorage.getItem('known')) void loadChatPage();
const me = await readIdentity();
if (me) await enter(me);
else {
  localStorage.removeItem('known');
  document.documentElement.classList.remove('known');
}
(await loadChatPage())?.keepForOffline(app);
