/**
 * Claiming a nick for this device: one try at a time in all of its tabs, and the same try until it is answered, also
 * after a reload. So neither a lost answer nor a second tab locks a person out of their own nick.
 */
import type { Person } from '../server/protocol/requests.ts';
import { endLeftSession, signIn, type SignInOutcome } from './session.ts';
import { endAttempt, readAttempt, readIdentity, rememberIdentity } from './store/device.ts';
import { newUuid } from './store/uuid.ts';

/** Another tab that takes longer is frozen. */
const turnPatienceMs = 25_000;
/** For a device that keeps nothing: then at least as long as the page lives. */
let unstored = { nick: '', key: '' };

/** `here` is who the page belonged to so far, if anybody. */
export function claimNick(nick: string, here: Person | undefined): Promise<SignInOutcome> {
  return inTurn(async () => {
    const known = await readIdentity().catch(reported);
    // Another tab was faster, and has the cookie.
    if (known && known.id !== here?.id && known.nick === nick) return { kind: 'signed-in', me: known };
    // Who was here before is gone for the server, too, before anybody else comes.
    if (!(await endLeftSession())) return { kind: 'unreachable' };
    const outcome = await signIn(nick, (await readAttempt(nick).catch(reported)) ?? keyInMemory(nick));
    if (outcome.kind === 'signed-in') {
      // A device that keeps nothing still works while the page is open; the messenger then says so.
      await rememberIdentity(outcome.me).catch(reported);
      unstored = { nick: '', key: '' };
    }
    const isRefused = ['nick-taken', 'nick-invalid', 'banned'].includes(outcome.kind);
    if (isRefused) await endAttempt().catch(reported);
    return outcome;
  });
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  let working: Promise<T> | undefined;
  try {
    return await navigator.locks.request(
      'opentalk-sign-in',
      { signal: AbortSignal.timeout(turnPatienceMs) },
      () => (working = work()),
    );
  } catch (error) {
    if (working) throw error;
    return work();
  }
}

function keyInMemory(nick: string): string {
  if (unstored.nick !== nick) unstored = { nick, key: newUuid() };
  return unstored.key;
}

function reported(error: unknown): undefined {
  console.error(error);
}
