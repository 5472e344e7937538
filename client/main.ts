/**
 * The start of the page: who is signed in here decides what is shown, before anything is asked of the network.
 * What is behind the sign-in is chat-page.ts, which is loaded beside it.
 */
import type * as ChatPage from './chat-page.ts';
import './ui/app.ts';
import { claimNick } from './claim-nick.ts';
import { loadWords } from './load-words.ts';
import { forgetHint, mayBeSignedIn, readHint, restoreSession, writeHint } from './restore-session.ts';
import { endLeftSession, readSession, type SignInOutcome } from './session.ts';
import { deleteLeft } from './store/delete-database.ts';
import { onIdentity, readIdentity, rememberIdentity } from './store/device.ts';
import { tellTrouble } from './store/trouble.ts';
import type { Person } from '../server/protocol/requests.ts';

const app = document.querySelector('ot-app')!;
let chatPage: Promise<typeof ChatPage> | undefined;
let isClaiming = false;

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
  writeHint(me);
  (await loadChatPage())?.openChat(app, me);
}

async function signIn(nick: string): Promise<SignInOutcome> {
  // First what comes after it: a nick is not taken for somebody who could not go on.
  if (!(await loadChatPage())) return { kind: 'unreachable' };
  isClaiming = true;
  try {
    const outcome = await claimNick(nick, app.chat?.me);
    if (outcome.kind === 'signed-in') await enter(outcome.me);
    return outcome;
  } finally {
    isClaiming = false;
  }
}

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

app.addEventListener(
  'switch-person',
  () => void switchPerson().catch((error: unknown) => console.error(error)),
);

/** This page becomes that of whoever is signed in now; what waits for who it belonged to is kept. */
async function switchPerson(): Promise<void> {
  const session = await readSession();
  if (session.kind === 'signed-in') await rememberIdentity(session.me);
  location.reload();
}

const report = (error: unknown) => console.error(error);
const hinted = readHint();
if (mayBeSignedIn()) void loadChatPage();
await loadWords();
app.signIn = signIn;
if (hinted) {
  await enter(hinted);
  void confirm(hinted).catch(report);
} else {
  const me = await whoIsHere();
  if (me) await enter(me);
  else {
    localStorage.removeItem('known');
    document.documentElement.classList.remove('known');
  }
}
onIdentity(() => void followOtherTab().catch(report));
deleteLeft().catch(report);
endLeftSession().catch(report);
addEventListener('online', () => void endLeftSession().catch(report));
(await loadChatPage())?.keepForOffline(app);

/** The hint is quick and no more than that; where it is wrong, the page starts anew without it. */
async function confirm(shown: Person): Promise<void> {
  if ((await readIdentity())?.id === shown.id || app.chat?.me.id !== shown.id) return;
  localStorage.removeItem('known');
  location.reload();
}

/** Somebody signed in in another tab while this one still asks for a nick. */
async function followOtherTab(): Promise<void> {
  if (app.chat || isClaiming || !(await readIdentity())) return;
  location.reload();
}
