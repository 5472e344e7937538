/**
 * The start of the page: who is signed in here decides what is shown, before anything is asked of the network.
 * What is behind the sign-in is chat-page.ts, which is loaded beside it.
 */
import type * as ChatPage from './chat-page.ts';
import './ui/app.ts';
import { forgetHint, mayBeSignedIn, restoreSession } from './restore-session.ts';
import { signIn, type SignInOutcome } from './session.ts';
import { readIdentity, rememberIdentity } from './store/device.ts';
import { tellTrouble } from './store/trouble.ts';
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
  await remember(outcome.me);
  await enter(outcome.me);
  return outcome;
};

/** A device that keeps nothing still works while the page is open; the messenger then says so. */
async function remember(person: Person): Promise<void> {
  await rememberIdentity(person).catch((error: unknown) => console.error(error));
}

/** Who is signed in by what this device remembers; else, where storage was cleared under a session, by the server. */
async function whoIsHere(): Promise<Person | undefined> {
  const known = await readIdentity().catch((error: unknown) => console.error(error));
  if (known || !mayBeSignedIn()) return known ?? undefined;
  app.restoring = 'asking';
  const restored = await restoreSession(() => (app.restoring = 'waiting'));
  app.restoring = undefined;
  if (!restored) return undefined;
  tellTrouble('cleared');
  await remember(restored);
  return restored;
}

app.addEventListener('signed-out', () => {
  forgetHint();
  location.assign('/');
});

if (mayBeSignedIn()) void loadChatPage();
const me = await whoIsHere();
if (me) await enter(me);
else {
  localStorage.removeItem('known');
  document.documentElement.classList.remove('known');
}
(await loadChatPage())?.keepForOffline(app);
